/** The story of a soak: a steady load and no faults, and what each process grows meanwhile: memory, handles, event-loop delay. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Backend,
  type Cluster,
  MEMBER_NAMES,
  MEMBERS,
  type MemberName,
  makeRunDirectory,
  startCluster,
} from './cluster.ts';
import { openHistory } from './history.ts';
import { startLoad } from './load.ts';
import { inferenceChildren } from './strains.ts';

export type Sample = { atSeconds: number; rssMb: number; files: number };
type Probe = { delayP99Ms: number; timers: number; handles: number };
export type Course = { name: string; samples: Sample[]; probes: Probe[] };
export type SoakRow = {
  name: string;
  rssMb: number;
  /** By least squares over the time after the warm-up. */
  rssSlopeMbPer10Min: number;
  filesSlopePer10Min: number;
  /** The median of the 99th percentiles of 5 s each. */
  delayP99Ms: number | null;
  faults: string[];
};

// reliability.md, O2.
const LIMITS = { rssSlopeMbPer10Min: 1, delayP99Ms: { api: 50, other: 100 } };
// A slope of this many files in 10 minutes is a leak; less is a pool that breathes.
const FILES_SLOPE = 2;
const SAMPLE_EVERY_MS = 5_000;
const WARM_UP_SHARE = 0.25;

type Wish = {
  minutes: number;
  backend: Backend;
  people: number;
  say: (line: string) => void;
  interrupted: AbortSignal;
};

export async function soak({
  minutes,
  backend,
  people,
  say,
  interrupted,
}: Wish): Promise<{ rows: SoakRow[]; dir: string }> {
  const dir = await makeRunDirectory();
  const history = openHistory(join(dir, 'history.jsonl'));
  const probeFile = join(dir, 'probe');
  const cluster = await startCluster({ backend, history, dir, probeFile });
  try {
    await cluster.ready();
    const target = { url: cluster.url, apiKey: cluster.apiKey, webhookUrl: cluster.webhookUrl };
    const load = await startLoad({ target, seed: 1, people, history });
    const courses = new Map<string, Sample[]>();
    const startedAt = performance.now();
    const elapsed = () => (performance.now() - startedAt) / 1_000;
    let told = 0;
    while (elapsed() < minutes * 60 && !interrupted.aborted) {
      for (const { name, pid } of await listProcesses(cluster)) {
        const sample = await look(pid, elapsed());
        if (sample) courses.set(name, [...(courses.get(name) ?? []), sample]);
      }
      if (elapsed() - told >= 60) {
        told = elapsed();
        say(`${Math.round(told / 60)} min, ${load.ops.length} checks: ${glance(courses)}`);
      }
      await pause(SAMPLE_EVERY_MS, undefined, { signal: interrupted }).catch(() => undefined);
    }
    await load.stop();
    const rows: SoakRow[] = [];
    for (const [name, samples] of courses)
      rows.push(judgeCourse({ name, samples, probes: await readProbes(dir, name) }));
    return { rows, dir };
  } finally {
    await cluster.stop();
    await history.close();
  }
}

async function listProcesses(cluster: Cluster): Promise<{ name: string; pid: number }[]> {
  const found: { name: string; pid: number }[] = [];
  for (const name of MEMBER_NAMES) {
    const pid = cluster.members[name].pid();
    if (pid === null) continue;
    found.push({ name, pid });
    if (MEMBERS[name] === 'inference-worker')
      for (const child of await inferenceChildren(cluster.members[name]))
        found.push({ name: `${name} child`, pid: child });
  }
  return found;
}

async function look(pid: number, atSeconds: number): Promise<Sample | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    return { atSeconds, rssMb: rssKb / 1_024, files: (await readdir(`/proc/${pid}/fd`)).length };
  } catch {
    return null;
  }
}

async function readProbes(dir: string, name: string): Promise<Probe[]> {
  const files = (await readdir(dir)).filter((file) => file.startsWith(`probe.${name}.`));
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Probe),
  );
}

/** What a course shows once it is warm, and which limits it broke. */
export function judgeCourse({ name, samples, probes }: Course): SoakRow {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const rssSlope = slopePer10Min(warm.map(({ atSeconds, rssMb }) => [atSeconds, rssMb]));
  const filesSlope = slopePer10Min(warm.map(({ atSeconds, files }) => [atSeconds, files]));
  const delays = probes.slice(Math.floor(probes.length * WARM_UP_SHARE)).map(({ delayP99Ms }) => delayP99Ms);
  const delay = delays.length > 0 ? median(delays) : null;
  const delayLimit = name === ('api' satisfies MemberName) ? LIMITS.delayP99Ms.api : LIMITS.delayP99Ms.other;
  return {
    name,
    rssMb: Math.round(warm.at(-1)?.rssMb ?? 0),
    rssSlopeMbPer10Min: rssSlope,
    filesSlopePer10Min: filesSlope,
    delayP99Ms: delay,
    faults: [
      ...(rssSlope > LIMITS.rssSlopeMbPer10Min ? ['memory grows'] : []),
      ...(filesSlope > FILES_SLOPE ? ['files grow'] : []),
      ...(delay !== null && delay > delayLimit ? ['event loop is late'] : []),
    ],
  };
}

/** Least squares; points are [seconds, value]. */
export function slopePer10Min(points: readonly (readonly [number, number])[]): number {
  if (points.length < 2) return 0;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return variance === 0 ? 0 : Math.round((covariance / variance) * 600 * 100) / 100;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}

function glance(courses: ReadonlyMap<string, Sample[]>): string {
  return [...courses].map(([name, samples]) => `${name} ${Math.round(samples.at(-1)?.rssMb ?? 0)} MB`).join(', ');
}
