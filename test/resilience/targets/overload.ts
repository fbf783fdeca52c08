/** What callers meet when there is too much work, and how long a service takes to leave. */
import { setTimeout as pause } from 'node:timers/promises';
import type { MemberName } from '../cluster.ts';
import { type Answered, type Bench, percentile, stopwatch } from './bench.ts';

const CALLERS = 4;
const MEASURED_SECONDS = 6;
const TIMES_TOO_MUCH = 3;

type Crowd = { accepted: Answered[]; refused: Answered[] };
const crowds = new WeakMap<Bench, Promise<Crowd>>();

/** Three times the one-shot checks that can be done: p99 of the seconds that a refusal takes. */
export async function refusalUnderOverload(bench: Bench): Promise<number> {
  const { refused } = await crowdOf(bench);
  return refused.length === 0 ? 0 : percentile(secondsOf(refused), 0.99);
}

/** The same crowd: p95 of those that were accepted. */
export async function answerUnderOverload(bench: Bench): Promise<number> {
  return percentile(secondsOf((await crowdOf(bench)).accepted), 0.95);
}

const secondsOf = (answers: readonly Answered[]) => answers.map(({ seconds }) => seconds);

function crowdOf(bench: Bench): Promise<Crowd> {
  const crowd = crowds.get(bench) ?? gather(bench);
  crowds.set(bench, crowd);
  return crowd;
}

async function gather(bench: Bench): Promise<Crowd> {
  const perSecond = await measureCapacity(bench);
  const calls: Promise<Answered>[] = [];
  const since = stopwatch();
  while (since() < 2 * MEASURED_SECONDS) {
    const due = since() * perSecond * TIMES_TOO_MUCH;
    while (calls.length < due) calls.push(bench.oneShot());
    await pause(5);
  }
  const answers = await Promise.all(calls);
  const accepted = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status, retryAfter }) => (status === 429 || status === 503) && retryAfter !== null);
  const strange = answers.length - accepted.length - refused.length;
  if (strange > 0) {
    const statuses = new Set(answers.map(({ status, retryAfter }) => `${status} ${retryAfter}`));
    throw new Error(
      `${strange} of ${answers.length} were neither answered nor told when to come again: ${[...statuses]}`,
    );
  }
  return { accepted, refused };
}

async function measureCapacity(bench: Bench): Promise<number> {
  let done = 0;
  const since = stopwatch();
  const caller = async () => {
    while (since() < MEASURED_SECONDS) {
      await bench.oneShot();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return done / since();
}

/** From SIGTERM to the end of the process while it works; nothing that was accepted may be lost. */
export function leaving(names: readonly MemberName[]) {
  return async (bench: Bench): Promise<number> => {
    const seconds: number[] = [];
    for (const name of names) {
      const checks = [await bench.submitted(), await bench.submitted()];
      const since = stopwatch();
      await bench.cluster.members[name].restart();
      seconds.push(since());
      await bench.untilEnded(checks);
      await bench.cluster.ready();
    }
    return Math.max(...seconds);
  };
}
