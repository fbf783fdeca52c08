/** One event: its deliveries, the log of their attempts, and telling it again. */
import type { EventAnswer } from '@livegate/contracts/console/deliveries';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { ask } from '../api.ts';
import { Confirm } from '../parts/confirm.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Facts, Panel, Screen } from '../parts/screen.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { Badge, DeliveryState, duration, Id, Time, type Tone } from '../parts/words.tsx';
import { useRight } from '../session.ts';

type Delivery = EventAnswer['deliveries'][number];
const TONES: Record<string, Tone> = { delivered: 'good', retry: 'warn', dead: 'bad' };

export function EventScreen() {
  const { eventId = '' } = useParams();
  const query = useQuery({
    queryKey: ['event', eventId],
    queryFn: () => ask<EventAnswer>(`/events/${encodeURIComponent(eventId)}`),
    refetchInterval: ({ state }) =>
      state.data?.deliveries.some((delivery) => delivery.state === 'due') ? 2_000 : false,
  });
  return (
    <Screen title="Event" aside={<Id text={eventId} />}>
      <Await query={query}>
        {({ deliveries }) => deliveries.map((delivery) => <OneDelivery key={delivery.id} delivery={delivery} />)}
      </Await>
    </Screen>
  );
}

function OneDelivery({ delivery }: { delivery: Delivery }) {
  const mayReplay = useRight('operator');
  return (
    <Panel
      title={delivery.origin}
      aside={
        <span className="panel-acts">
          <DeliveryState state={delivery.state} />
          {mayReplay && <Replay delivery={delivery} />}
        </span>
      }
    >
      <Facts
        rows={[
          [
            'check',
            <Link key="c" to={`/checks/${delivery.reference}`}>
              <code>{delivery.reference}</code>
            </Link>,
          ],
          ['client', delivery.clientName],
          ['event', delivery.eventType],
          ['to', delivery.endpointId ? `endpoint ${delivery.endpointId}` : 'the check’s own webhook_url'],
          ['created', <Time key="t" at={delivery.createdAt} />],
          ['next attempt', <Time key="n" at={delivery.nextAttemptAt} />],
          ...(delivery.deadReason ? [['given up because', delivery.deadReason] as const] : []),
        ]}
      />
      <h3>Attempts</h3>
      {delivery.attempts.length === 0 ? (
        <Empty title="None was made yet." />
      ) : (
        <Attempts attempts={delivery.attempts} />
      )}
    </Panel>
  );
}

function Replay({ delivery }: { delivery: Delivery }) {
  const queries = useQueryClient();
  return (
    <Confirm
      label="Deliver again"
      title="Deliver again?"
      action="Deliver again"
      act={() => ask(`/events/${delivery.eventId}/replay`, { method: 'POST', body: { deliveryId: delivery.id } })}
      onDone={() => queries.invalidateQueries({ queryKey: ['event', delivery.eventId] })}
    >
      <p>
        {delivery.origin} is told under the same webhook id, now. A receiver that heard of it already should know it by
        that id.
      </p>
    </Confirm>
  );
}

function Attempts({ attempts }: Pick<Delivery, 'attempts'>) {
  return (
    <DataTable
      label="Attempts"
      rows={attempts}
      keyOf={({ number }) => String(number)}
      columns={[
        { name: 'No.', numeric: true, cell: ({ number }) => number },
        { name: 'Started', cell: ({ startedAt }) => <Time at={startedAt} /> },
        { name: 'Outcome', cell: ({ outcome }) => <Badge tone={TONES[outcome] ?? 'calm'}>{outcome}</Badge> },
        { name: 'Status', numeric: true, cell: ({ status, errorCode }) => status ?? errorCode ?? '–' },
        { name: 'Took', numeric: true, cell: ({ elapsedMs }) => duration(elapsedMs / 1_000) },
        { name: 'Address', cell: ({ dialledAddress }) => <code>{dialledAddress ?? '–'}</code> },
        { name: 'Asked for', cell: ({ manual }) => (manual ? 'by hand' : <span className="quiet">schedule</span>) },
        {
          name: 'Answer',
          cell: ({ response }) =>
            response ? (
              <code className="answer" title={response}>
                {response.slice(0, 80)}
              </code>
            ) : (
              <span className="quiet">–</span>
            ),
        },
      ]}
    />
  );
}
