/** How long it takes until all goes on after something died. */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@livegate/test-kit/eventually';
import { inferenceChildren, signalAll } from '../strains.ts';
import { type Bench, percentile, stopwatch } from './bench.ts';

const TRIES = 8;
// Time for a worker to claim a batch and hand it to its child.
const CLAIMING_MS = 400;
const OUTAGE_MS = 30_000;

const workersOf = ({ cluster }: Bench) => [cluster.members['worker-1'], cluster.members['worker-2']];
const childrenOf = async (bench: Bench) => (await Promise.all(workersOf(bench).map(inferenceChildren))).flat();

/** Both children die with a check's frames in hand: p95 of the seconds from there to its verdict. */
export async function afterChildrenDied(bench: Bench): Promise<number> {
  return tries(async () => {
    const children = await childrenOf(bench);
    signalAll(children, 'SIGSTOP');
    const check = await bench.submitted();
    await pause(CLAIMING_MS);
    signalAll(children, 'SIGKILL');
    return bench.untilEnded([check]);
  });
}

/** Whole workers die instead, with their claims. */
export async function afterWorkersDied(bench: Bench): Promise<number> {
  return tries(async () => {
    const children = await childrenOf(bench);
    signalAll(children, 'SIGSTOP');
    const check = await bench.submitted();
    await pause(CLAIMING_MS);
    await Promise.all(workersOf(bench).map((worker) => worker.kill()));
    signalAll(children, 'SIGKILL');
    return bench.untilEnded([check]);
  });
}

async function tries(once: () => Promise<number>): Promise<number> {
  const seconds: number[] = [];
  for (let count = 0; count < TRIES; count += 1) seconds.push(await once());
  return percentile(seconds, 0.95);
}

/** Redis comes back without anything it knew: until every accepted check has its verdict. */
export async function afterRedisForgot(bench: Bench): Promise<number> {
  const children = await childrenOf(bench);
  signalAll(children, 'SIGSTOP');
  const checks = [];
  for (let count = 0; count < TRIES; count += 1) checks.push(await bench.submitted());
  await bench.cluster.redis?.crash();
  signalAll(children, 'SIGCONT');
  await bench.cluster.redis?.start({ forget: true });
  return bench.untilEnded(checks);
}

/** Redis is away for half a minute: from its return until a check that was submitted meanwhile has its verdict. */
export async function afterRedisWasAway(bench: Bench): Promise<number> {
  const { redis } = bench.cluster;
  await redis?.crash();
  const check = await bench.submitted();
  await pause(OUTAGE_MS);
  await redis?.start();
  return bench.untilEnded([check]);
}

/** Postgres dies: how long a caller waits for the refusal that says when to come again. */
export async function refusalWithoutPostgres(bench: Bench): Promise<number> {
  const { postgres } = bench.cluster;
  await postgres.crash('SIGKILL');
  try {
    const { status, seconds, retryAfter } = await bench.create();
    if (status !== 503 || retryAfter === null) throw new Error(`answered ${status}, Retry-After ${retryAfter}`);
    return seconds;
  } finally {
    await postgres.start();
    await eventually(async () => (await bench.create()).status === 201, { withinMs: 60_000 });
  }
}

/** Postgres dies and comes back: from its return to the first check that is made. */
export async function afterPostgresDied(bench: Bench): Promise<number> {
  const { postgres } = bench.cluster;
  await postgres.crash('SIGKILL');
  await bench.create();
  await postgres.start();
  const since = stopwatch();
  await eventually(async () => (await bench.create()).status === 201, { withinMs: 60_000 });
  return since();
}
