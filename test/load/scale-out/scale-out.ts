/**
 * `npm run test:scale-out [-- --seconds N --workers N --profile NAME --json]`: several of every service on one Postgres and
 * one Redis. Throughput with one worker and with all; then, under load, a rolling restart of every process and an
 * expand/contract change of the busiest table, with no check failed and no webhook lost. Exit code 1 when any was.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadBenchImages } from '@livegate/inference/bench/bench-images';
import { eventually } from '@livegate/test-kit/eventually';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { percentiles } from '../system/measure.ts';
import { cpuOfTree } from '../system/process-cpu.ts';
import { type Receiver, startReceiver } from '../system/receiver.ts';
import { hostedCheck } from '../system/workloads.ts';
import { contract, expand } from './expand-contract.ts';
import { type Fleet, startFleet } from './fleet.ts';

const IN_FLIGHT = 8;
const WARM_UP_SECONDS = 3;
const LOST_AFTER_MS = 60_000;

type Tally = { latencies: number[]; failures: string[] };

export async function main(words: string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      seconds: { type: 'string', default: '12' },
      workers: { type: 'string', default: String(availableParallelism()) },
      profile: { type: 'string', default: 'recommended' },
      json: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  connectAnewForEachRequest();
  const images = await loadBenchImages({
    from: repositoryRoot,
    samplesDir: join(repositoryRoot, '.models', 'samples'),
  });
  const receiver = await startReceiver();
  const fleet = await startFleet({ profile: values.profile, workers: Number(values.workers) });
  try {
    const say = (text: string) => values.json || process.stdout.write(`${text}\n`);
    const unit = hostedCheck(
      fleet,
      receiver,
      images.map(({ bytes }) => Buffer.from(bytes)),
    );
    await keepWorkers(fleet, 1);
    const load = startLoad(unit, signal);
    await pause(WARM_UP_SECONDS * 1_000);
    const throughput = [];
    for (const count of [1, fleet.workers.length]) {
      await keepWorkers(fleet, count);
      throughput.push(await measure(fleet, load, { seconds, workers: count }));
      say(describe(throughput.at(-1)));
    }
    const restart = await during(load, () => fleet.restartAll());
    say(`rolling restart: ${describe(restart)}`);
    const migration = await during(load, async () => {
      await expand(fleet.db);
      await pause(seconds * 1_000);
      await contract(fleet.db);
    });
    say(`expand and contract: ${describe(migration)}`);
    await load.end();
    const after = await account(fleet, receiver);
    const first = throughput[0]?.checksPerSecond ?? Number.NaN;
    const report = {
      cores: availableParallelism(),
      processes: Object.fromEntries(fleet.members.map(({ id, starts }) => [id, starts()])),
      connections: fleet.balancer.given(),
      throughput,
      speedUp: (throughput.at(-1)?.checksPerSecond ?? Number.NaN) / first,
      restart,
      migration,
      ...after,
      failedChecks: load.tally.failures.length,
      failures: load.tally.failures.slice(0, 10),
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.failedChecks + after.lostWebhooks + after.unfinishedChecks === 0 ? 0 : 1;
  } finally {
    await fleet.stop();
    await receiver.close();
  }
}

/** A balancer of connections divides nothing among connections that stay. */
function connectAnewForEachRequest(): void {
  const plain = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('connection', 'close');
    return plain(input, { ...init, headers });
  };
}

function startLoad(unit: () => Promise<number>, signal: AbortSignal) {
  const tally: Tally = { latencies: [], failures: [] };
  let isOver = false;
  const one = async () => {
    const limit = AbortSignal.timeout(LOST_AFTER_MS);
    const late = new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () => reject(new Error('no webhook came within a minute')));
    });
    try {
      tally.latencies.push(await Promise.race([unit(), late]));
    } catch (error) {
      const { message, cause } = error as Error;
      tally.failures.push(cause instanceof Error ? `${message}: ${cause.message}` : message);
      await pause(200);
    }
  };
  const running = Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (!isOver && !signal.aborted) await one();
    }),
  );
  return {
    tally,
    end: async () => {
      isOver = true;
      await running;
    },
  };
}
type Load = ReturnType<typeof startLoad>;

/** So many workers serve from here on; the others are down. */
async function keepWorkers({ workers }: Fleet, count: number): Promise<void> {
  for (const worker of workers.slice(count)) await worker.hold();
  for (const worker of workers.slice(0, count)) worker.release();
  for (const worker of workers.slice(0, count)) await worker.ready();
}

async function measure(fleet: Fleet, { tally }: Load, { seconds, workers }: { seconds: number; workers: number }) {
  const serving = fleet.workers.slice(0, workers);
  const cpu = async (members: readonly { pid(): number | null }[]) => {
    const pids = members.flatMap((member) => member.pid() ?? []);
    const each = await Promise.all(pids.map((pid) => cpuOfTree(pid)));
    return each.reduce((sum, { own, descendants }) => sum + own + descendants, 0) / 1_000;
  };
  const before = { done: tally.latencies.length, all: await cpu(fleet.members), workers: await cpu(serving) };
  const startedAt = performance.now();
  await pause(seconds * 1_000);
  const elapsed = (performance.now() - startedAt) / 1_000;
  const latencies = tally.latencies.slice(before.done);
  return {
    workers,
    checksPerSecond: latencies.length / elapsed,
    finishToWebhookMs: percentiles(latencies),
    // Of one core each: at 1 a worker's child is what limits, below it the machine is.
    coresPerWorker: ((await cpu(serving)) - before.workers) / elapsed / workers,
    coresOfServices: ((await cpu(fleet.members)) - before.all) / elapsed,
  };
}

async function during({ tally }: Load, work: () => Promise<void>) {
  const before = { done: tally.latencies.length, failed: tally.failures.length };
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  const latencies = tally.latencies.slice(before.done);
  return {
    seconds,
    checks: latencies.length,
    failed: tally.failures.length - before.failed,
    finishToWebhookMs: percentiles(latencies),
  };
}

/** What the database and the receiver say when everything has come to rest. */
async function account({ db }: Fleet, receiver: Receiver) {
  const look = async () => {
    const { rows } = await db.query(
      `select (select count(*)::int from checks) as checks,
              (select count(*)::int from checks where state = 'complete') as complete,
              (select count(*)::int from events where terminal) as events,
              (select count(*)::int from deliveries where delivered_at is null) as undelivered`,
    );
    return rows[0] as { checks: number; complete: number; events: number; undelivered: number };
  };
  const state = await eventually(
    async () => {
      const now = await look();
      if (now.undelivered > 0 || now.complete < now.checks) throw new Error(JSON.stringify(now));
      return now;
    },
    { withinMs: 30_000 },
  ).catch(look);
  return {
    checks: state.checks,
    unfinishedChecks: state.checks - state.complete,
    events: state.events,
    lostWebhooks: state.undelivered + Math.max(0, state.events - receiver.distinct()),
    repeatedWebhooks: receiver.count() - receiver.distinct(),
  };
}

function describe(values: object | undefined): string {
  return Object.entries(values ?? {})
    .map(
      ([name, value]) =>
        `${name} ${typeof value === 'object' ? `(${describe(value)})` : Math.round(value * 100) / 100}`,
    )
    .join(', ');
}
