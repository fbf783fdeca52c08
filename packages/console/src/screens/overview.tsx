/** What happens now. */
import type { OverviewAnswer } from '@livegate/contracts/console/overview';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ask } from '../api.ts';
import { Facts, Panel, Screen } from '../parts/screen.tsx';
import { Await } from '../parts/states.tsx';
import { endedIn, ThroughputChart } from '../parts/throughput-chart.tsx';
import { Badge, duration, number, type Tone } from '../parts/words.tsx';

export function OverviewScreen() {
  const query = useQuery({
    queryKey: ['overview'],
    queryFn: () => ask<OverviewAnswer>('/overview'),
    refetchInterval: 3_000,
  });
  return (
    <Screen title="Overview" aside={<span className="live quiet">live, every 3 s</span>}>
      <Await query={query}>{(now) => <Now now={now} />}</Await>
    </Screen>
  );
}

function Now({ now }: { now: OverviewAnswer }) {
  const { backlog, deliveries, minutes } = now;
  const lastFive = minutes.slice(-5);
  const ended = lastFive.reduce((sum, minute) => sum + endedIn(minute), 0);
  return (
    <>
      <div className="tiles">
        <Tile name="Checks ended" value={number(ended)} unit={`in 5 min, ${(ended / 300).toFixed(2)}/s`} />
        <Tile
          name="Open checks"
          value={number(backlog.checksPending + backlog.checksInProgress)}
          unit={`${number(backlog.checksInProgress)} in progress`}
        />
        <Tile
          name="Workers"
          value={now.workers === null ? '?' : number(now.workers)}
          unit={now.workers === null ? 'the queue does not answer' : 'on the queue'}
          tone={now.workers ? 'calm' : 'bad'}
          to="/queues"
        />
        <Tile
          name="Oldest batch"
          value={duration(backlog.oldestBatchSeconds)}
          unit={`${number(backlog.batchesWaiting)} waiting`}
          tone={toneOf(backlog.oldestBatchSeconds, 2, 5)}
          to="/queues"
        />
        <Tile
          name="Oldest delivery"
          value={duration(deliveries.oldestDueSeconds)}
          unit={`${number(deliveries.due)} due, ${number(deliveries.scheduled)} later`}
          tone={toneOf(deliveries.oldestDueSeconds, 10, 60)}
          to="/deliveries?state=due"
        />
        <Tile
          name="Dead letters"
          value={number(deliveries.deadToday)}
          unit="within a day"
          tone={deliveries.deadToday > 0 ? 'warn' : 'calm'}
          to="/deliveries?state=dead"
        />
      </div>
      <Panel title="Checks that ended, by minute">
        <ThroughputChart minutes={minutes} />
      </Panel>
      <div className="columns">
        <Panel title="Readiness">
          <Readiness now={now} />
        </Panel>
        <Panel title="Connections to the database, now">
          <Services services={now.services} />
        </Panel>
      </div>
    </>
  );
}

// `draining` is ok while it is not.
const READINESS_WORDS: Record<string, string> = { draining: 'takes requests' };

function Readiness({ now: { readiness, lastVerdictSeconds, backlog, deliveries } }: { now: OverviewAnswer }) {
  return (
    <Facts
      rows={[
        ...Object.entries(readiness).map(
          ([name, state]) =>
            [
              READINESS_WORDS[name] ?? name,
              <Badge key={name} tone={state === 'ok' ? 'good' : 'bad'}>
                {state}
              </Badge>,
            ] as const,
        ),
        ['last end of a check', lastVerdictSeconds === null ? 'never' : `${duration(lastVerdictSeconds)} ago`],
        ['outbox lag', duration(backlog.outboxLagSeconds)],
        [
          'images overdue for deletion',
          <Badge key="images" tone={backlog.imagesOverdue > 0 ? 'bad' : 'good'}>
            {number(backlog.imagesOverdue)}
          </Badge>,
        ],
        [
          'open circuit breakers',
          <Badge key="breakers" tone={deliveries.openBreakers > 0 ? 'warn' : 'good'}>
            {number(deliveries.openBreakers)}
          </Badge>,
        ],
      ]}
    />
  );
}

const SERVICES = ['api', 'inference-worker', 'lifecycle', 'webhook-dispatcher'];

/** No alarm: a service at rest lets its connections go. */
function Services({ services }: Pick<OverviewAnswer, 'services'>) {
  const found = new Map(services.map(({ name, connections }) => [name, connections]));
  return (
    <>
      <Facts
        rows={SERVICES.map(
          (name) =>
            [
              name,
              <span key={name} className="number">
                {found.get(name) ?? 0}
              </span>,
            ] as const,
        )}
      />
      <p className="quiet small-text">A service at rest may have none. Whether each is ready says its own /readyz.</p>
    </>
  );
}

type TileProps = { name: string; value: string; unit: string; tone?: Tone; to?: string };

function Tile({ name, value, unit, tone = 'calm', to }: TileProps) {
  const inside = (
    <>
      <span className="tile-name">{name}</span>
      <span className="tile-value number">{value}</span>
      <span className="quiet">{unit}</span>
    </>
  );
  return to ? (
    <Link className={`tile tile-${tone}`} to={to}>
      {inside}
    </Link>
  ) : (
    <div className={`tile tile-${tone}`}>{inside}</div>
  );
}

function toneOf(seconds: number, warn: number, bad: number): Tone {
  if (seconds >= bad) return 'bad';
  return seconds >= warn ? 'warn' : 'calm';
}
