/** One client's keys: made, shown once, revoked. */
import type { ClientListAnswer, KeyListAnswer } from '@livegate/contracts/console/clients';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { ask } from '../api.ts';
import { Confirm } from '../parts/confirm.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { NewKey } from '../parts/new-key.tsx';
import { Panel, Screen } from '../parts/screen.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { Badge, Id } from '../parts/words.tsx';
import { useRight } from '../session.ts';

export function ClientScreen() {
  const { clientId = '' } = useParams();
  const clients = useQuery({ queryKey: ['clients'], queryFn: () => ask<ClientListAnswer>('/clients') });
  const keys = useQuery({
    queryKey: ['keys', clientId],
    queryFn: () => ask<KeyListAnswer>(`/clients/${encodeURIComponent(clientId)}/keys`),
  });
  const mayAdd = useRight('admin');
  const name = clients.data?.clients.find(({ client }) => client === clientId)?.name ?? 'Client';
  return (
    <Screen title={name} aside={<Id text={clientId} />}>
      <p>
        <Link to={`/checks?client=${encodeURIComponent(clientId)}`}>Checks of this client</Link>
      </p>
      <Panel title="API keys" aside={mayAdd ? <NewKey clientId={clientId} /> : undefined}>
        <Await query={keys}>
          {(answer) =>
            answer.keys.length === 0 ? (
              <Empty title="No key was made yet." />
            ) : (
              <Keys clientId={clientId} keys={answer.keys} />
            )
          }
        </Await>
      </Panel>
    </Screen>
  );
}

function Keys({ clientId, keys }: KeyListAnswer & { clientId: string }) {
  const mayRevoke = useRight('admin');
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['keys', clientId] });
  return (
    <DataTable
      label="Keys"
      rows={keys}
      keyOf={({ key }) => key}
      columns={[
        { name: 'Key', cell: ({ key }) => <code>{key}</code> },
        { name: 'Mode', cell: ({ mode }) => <Badge tone={mode === 'live' ? 'busy' : 'calm'}>{mode}</Badge> },
        { name: 'State', cell: ({ state }) => <Badge tone={state === 'usable' ? 'good' : 'calm'}>{state}</Badge> },
        { name: 'Created', cell: ({ created }) => <span className="number">{created.slice(0, 19)}</span> },
        {
          name: 'Last used',
          cell: ({ lastUsed }) => <span className="number">{lastUsed?.slice(0, 19) ?? 'never'}</span>,
        },
        {
          name: 'Acts',
          cell: ({ key, state }) =>
            state === 'usable' && mayRevoke ? (
              <Confirm
                label="Revoke"
                title={`Revoke ${key}?`}
                action="Revoke"
                danger
                act={() => ask(`/keys/${key}/revoke`, { method: 'POST' })}
                onDone={refresh}
              >
                <p>Requests with it are refused from now on. This cannot be taken back.</p>
              </Confirm>
            ) : (
              <span className="quiet">–</span>
            ),
        },
      ]}
    />
  );
}
