/**
 * A harness that was never seen red proves nothing: each row takes one guard away, runs faults that need this guard, and says
 * what the checker has to find. The control is the same run with the guard in place, and has to be green.
 */

import type { Backend, Cluster } from './cluster.ts';
import type { Verdict } from './finding.ts';
import type { PlannedStrike } from './plan.ts';
import { type Outcome, runFaults } from './run-faults.ts';

type SelfTest = {
  without: string;
  /** A change to the built code (preload/mutants.mjs). */
  mutant: string | null;
  /** A change to the database. */
  sabotage: ((cluster: Cluster) => Promise<unknown>) | null;
  strikes: (backend: Backend) => PlannedStrike[];
  seconds: number;
  finds: Verdict;
};

export const SELF_TESTS = {
  'sweep-off': {
    without: 'the sweep that enqueues due batches again',
    mutant: 'sweep-off',
    sabotage: null,
    strikes: (backend) => [
      { at: 1.5, fault: 'kill-mid-inference', target: 'worker-1', seconds: 0 },
      { at: 3, fault: 'kill-mid-inference', target: 'worker-2', seconds: 0 },
      ...(backend === 'redis' ? [{ at: 3.5, fault: 'redis-flush', target: '-', seconds: 0 } as const] : []),
    ],
    seconds: 4.5,
    finds: 'lost',
  },
  'index-off': {
    without: 'the unique index on terminal events',
    mutant: null,
    sabotage: (cluster) => cluster.db().query('drop index events_one_terminal'),
    strikes: () => [
      { at: 3, fault: 'end-again', target: '-', seconds: 0 },
      { at: 5, fault: 'end-again', target: '-', seconds: 0 },
    ],
    seconds: 6,
    finds: 'duplicated',
  },
  'fencing-off': {
    without: 'generations as a fence against late results',
    mutant: 'fencing-off',
    sabotage: null,
    strikes: () => [{ at: 2, fault: 'pause-workers', target: '-', seconds: 12.5 }],
    seconds: 16,
    finds: 'unexpected',
  },
} as const satisfies Record<string, SelfTest>;

export type SelfTestName = keyof typeof SELF_TESTS;
export const SELF_TEST_NAMES = Object.keys(SELF_TESTS) as SelfTestName[];

// With re-drives brought forward by SQL, what is going to heal has healed by then, restarted processes included.
const DRAIN_SECONDS = 7;

type Options = {
  name: SelfTestName;
  guarded: boolean;
  backend: Backend;
  say: (line: string) => void;
  interrupted?: AbortSignal;
};

/** One run of a self-test, with its guard in place or without. */
export function runSelfTest({ name, guarded, backend, say, interrupted }: Options): Promise<Outcome> {
  const test: SelfTest = SELF_TESTS[name];
  return runFaults({
    plan: { seed: 1, seconds: test.seconds, strikes: test.strikes(backend) },
    backend,
    say,
    hurry: true,
    drainSeconds: guarded ? 30 : DRAIN_SECONDS,
    ...(guarded ? {} : { mutant: test.mutant, ...(test.sabotage ? { sabotage: test.sabotage } : {}) }),
    ...(interrupted ? { interrupted } : {}),
  });
}

/** Whether a run without the guard was red for the reason it had to be. */
export function isSeenRed(name: SelfTestName, { green, result }: Outcome): boolean {
  return !green && result[SELF_TESTS[name].finds] > 0;
}
