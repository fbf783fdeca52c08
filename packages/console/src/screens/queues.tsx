/** What waits to be scored. */
import type { QueuesAnswer } from '@livegate/contracts/console/overview';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ask } from '../api.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Facts, Panel, Screen } from '../parts/screen.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { Badge, duration, number } from '../parts/words.tsx';
import { useSession } from '../session.ts';

export function QueuesScreen() {
  const { boardUrl } = useSession();
  const query = useQuery({ queryKey: ['queues'], queryFn: () => ask<QueuesAnswer>('/queues'), refetchInterval: 3_000 });
  return (
    <Screen
      title="Queues"
      aside={
        boardUrl ? (
          <a className="button" href={boardUrl}>
            BullMQ board
          </a>
        ) : undefined
      }
    >
      <Await query={query}>{(queues) => <Queues queues={queues} />}</Await>
    </Screen>
  );
}

function Queues({ queues: { jobs, backlog, oldest } }: { queues: QueuesAnswer }) {
  return (
    <>
      <div className="columns">
        <Panel title="Jobs of “inference”">
          {jobs ? (
            <Facts
              rows={Object.entries(jobs).map(([state, count]) => [
                state,
                <span key={state} className="number">
                  {number(count)}
                </span>,
              ])}
            />
          ) : (
            <Empty title="The queue does not answer." />
          )}
        </Panel>
        <Panel title="Batches, as Postgres has them">
          <Facts
            rows={[
              ['waiting', number(backlog.batchesWaiting)],
              ['oldest', duration(backlog.oldestBatchSeconds)],
              ['oldest that no queue has taken', duration(backlog.outboxLagSeconds)],
              ['checks in progress', number(backlog.checksInProgress)],
            ]}
          />
        </Panel>
      </div>
      <Panel title="Due the longest">
        {oldest.length === 0 ? <Empty title="Nothing waits." /> : <Oldest oldest={oldest} />}
      </Panel>
    </>
  );
}

function Oldest({ oldest }: Pick<QueuesAnswer, 'oldest'>) {
  return (
    <DataTable
      label="Batches that wait"
      rows={oldest}
      keyOf={({ batch }) => batch}
      columns={[
        {
          name: 'Check',
          cell: ({ reference }) => (
            <Link to={`/checks/${reference}`}>
              <code>{reference}</code>
            </Link>
          ),
        },
        { name: 'Age', numeric: true, cell: ({ ageSeconds }) => duration(ageSeconds) },
        {
          name: 'Due',
          numeric: true,
          cell: ({ dueInSeconds }) =>
            dueInSeconds > 0 ? `in ${duration(dueInSeconds)}` : `${duration(-dueInSeconds)} ago`,
        },
        {
          name: 'Enqueued',
          cell: ({ enqueued }) => <Badge tone={enqueued ? 'good' : 'warn'}>{enqueued ? 'yes' : 'no'}</Badge>,
        },
        { name: 'Generation', numeric: true, cell: ({ generation }) => generation },
        { name: 'Starts', numeric: true, cell: ({ attemptsStarted }) => attemptsStarted },
        { name: 'Crashes', numeric: true, cell: ({ crashes }) => crashes },
        { name: 'Last failure', cell: ({ lastFailure }) => lastFailure ?? <span className="quiet">–</span> },
      ]}
    />
  );
}
