/** Deliveries, wherever they are listed. */
import type { DeliveryRow } from '@livegate/contracts/console/deliveries';
import { Link } from 'react-router';
import { DataTable } from './data-table.tsx';
import { DeliveryState, Time } from './words.tsx';

export function DeliveriesTable({ deliveries }: { deliveries: readonly DeliveryRow[] }) {
  return (
    <DataTable
      label="Deliveries"
      rows={deliveries}
      keyOf={({ id }) => id}
      columns={[
        { name: 'Origin', cell: ({ origin, eventId }) => <Link to={`/events/${eventId}`}>{origin}</Link> },
        { name: 'State', cell: ({ state }) => <DeliveryState state={state} /> },
        { name: 'Event', cell: ({ eventType }) => eventType },
        {
          name: 'Check',
          cell: ({ reference }) => (
            <Link to={`/checks/${reference}`}>
              <code>{reference.slice(0, 8)}…</code>
            </Link>
          ),
        },
        { name: 'Client', cell: ({ clientName }) => clientName },
        { name: 'Attempts', numeric: true, cell: ({ attemptsMade }) => attemptsMade },
        { name: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
        {
          name: 'Next, or end',
          cell: ({ nextAttemptAt, deliveredAt, deadAt, deadReason }) => (
            <>
              <Time at={nextAttemptAt ?? deliveredAt ?? deadAt} />{' '}
              {deadReason && <span className="quiet">{deadReason}</span>}
            </>
          ),
        },
      ]}
    />
  );
}
