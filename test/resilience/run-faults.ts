/** The story of one run: start → load → faults → heal → drain → judge. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Counts, judge } from './checker.ts';
import { type Backend, type Cluster, makeRunDirectory, removeRunDirectory, SKEW_BY, startCluster } from './cluster.ts';
import { type Drained, drain } from './drain.ts';
import type { Finding, Verdict } from './finding.ts';
import { type History, openHistory } from './history.ts';
import { type Load, startLoad } from './load.ts';
import { healEverything, NEMESIS } from './nemesis.ts';
import { type Plan, printPlan } from './plan.ts';

export type Result = Counts & Record<Verdict, number> & { healSeconds: number };
export type Outcome = { green: boolean; result: Result; findings: Finding[]; dir: string };

export type Run = {
  plan: Plan;
  backend: Backend;
  say: (line: string) => void;
  /** People and callers at the same time. */
  people?: number;
  drainSeconds?: number;
  hurry?: boolean;
  /** A guard taken out of the built code, or a change to the database, before the load starts. */
  mutant?: string | null;
  sabotage?: (cluster: Cluster) => Promise<unknown>;
  keep?: boolean;
  /** Ends the run early; everything it started is ended, too. */
  interrupted?: AbortSignal;
};

// The target of R1 to R6: whatever the faults left behind is mended within this.
const HEAL_LIMIT_SECONDS = 30;
const DRAIN_LIMIT_SECONDS = 75;
const PEOPLE = 5;

export async function runFaults(run: Run): Promise<Outcome> {
  const { plan, backend, say } = run;
  const dir = await makeRunDirectory();
  const history = openHistory(join(dir, 'history.jsonl'));
  say(printPlan(plan));
  say(`queue on ${backend}; clocks are skewed by ${SKEW_BY}; ${dir}`);
  const smallDisks = plan.strikes.some(({ fault }) => 'needsSmallDisk' in NEMESIS[fault]);
  const cluster = await startCluster({ backend, history, dir, smallDisks, mutant: run.mutant ?? null });
  try {
    await cluster.ready();
    await run.sabotage?.(cluster);
    const target = { url: cluster.url, apiKey: cluster.apiKey, webhookUrl: cluster.webhookUrl };
    const load = await startLoad({ target, seed: plan.seed, people: run.people ?? PEOPLE, history });
    await strikeAll({ ...run, cluster, history });
    await load.stop();
    await healEverything(cluster);
    say(`${history.seconds().toFixed(1)} s: faults and load are over`);
    const limits = { limitSeconds: run.drainSeconds ?? DRAIN_LIMIT_SECONDS, hurry: run.hurry ?? false };
    const drained = await drain({ db: cluster.db, ...limits });
    const outcome = await conclude({ cluster, load, drained, say });
    if (outcome.green && !run.keep) removeLater(cluster, dir);
    return { ...outcome, dir };
  } finally {
    await cluster.stop();
    await history.close();
    if (run.interrupted?.aborted) await removeRunDirectory(dir);
  }
}

type Struck = Run & { cluster: Cluster; history: History };

/** Runs the lanes of the plan side by side until its time is over. */
async function strikeAll({ plan, say, cluster, history, interrupted }: Struck): Promise<void> {
  const startedAt = performance.now();
  const until = (seconds: number) =>
    pause(
      Math.max(0, seconds * 1_000 - (performance.now() - startedAt)),
      undefined,
      interrupted ? { signal: interrupted } : {},
    );
  const tell = (line: string) => say(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  const lanes = ['processes', 'surroundings'] as const;
  const walk = async (lane: (typeof lanes)[number]) => {
    for (const strike of plan.strikes.filter(({ fault }) => NEMESIS[fault].lane === lane)) {
      await until(strike.at);
      tell(`${strike.fault} ${strike.target}`);
      history.note({ type: 'fault', what: strike.fault, detail: strike });
      try {
        const heal = await NEMESIS[strike.fault].strike(cluster, strike.target);
        await until(strike.at + strike.seconds);
        await heal();
      } catch (error) {
        if (interrupted?.aborted) throw error;
        // A fault may fail because of another one: the run goes on, and says so.
        tell(`${strike.fault} ${strike.target} failed: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all([...lanes.map(walk), until(plan.seconds)]);
}

type Ended = { cluster: Cluster; load: Load; drained: Drained; say: (line: string) => void };

async function conclude({ cluster, load, drained, say }: Ended): Promise<Omit<Outcome, 'dir'>> {
  const headers = { authorization: `Bearer ${cluster.apiKey}` };
  const retrieve = async (token: string) => {
    const response = await fetch(`${cluster.url}/liveness_check?token=${token}`, { headers });
    return { status: response.status, body: await response.json() };
  };
  const { counts, findings, notes } = await judge({
    db: cluster.db(),
    ops: load.ops,
    receptions: cluster.receiver.receptions,
    retrieve,
  });
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const result: Result = {
    ...counts,
    lost: count('lost'),
    duplicated: count('duplicated'),
    unexpected: count('unexpected'),
    undelivered: count('undelivered'),
    healSeconds: drained.seconds,
  };
  for (const note of notes) say(note);
  if (!drained.done) say(`not drained: ${JSON.stringify(drained.left)}`);
  for (const { verdict, why, id } of findings.slice(0, 40)) say(`${verdict.toUpperCase()}  ${why}  ${id}`);
  return { green: isGreen(result) && drained.done, result, findings };
}

/** A run that accepted or completed nothing proves nothing, and is not green. */
export function isGreen(result: Result): boolean {
  const { accepted, complete, expired, failed, lost, duplicated, unexpected, undelivered, healSeconds } = result;
  return (
    complete > 0 &&
    accepted === complete + expired + failed &&
    lost + duplicated + unexpected + undelivered === 0 &&
    healSeconds <= HEAL_LIMIT_SECONDS
  );
}

function removeLater(cluster: Cluster, dir: string): void {
  const { stop } = cluster;
  cluster.stop = async () => {
    await stop();
    await removeRunDirectory(dir);
  };
}
