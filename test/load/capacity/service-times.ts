/** What one hosted check costs each part, and what the parts cost when nothing happens: all that the model knows. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RunningSystem } from '../system/launch-system.ts';
import { cpuByProcess, underLoad } from '../system/measure.ts';

export type ServiceTimes = {
  /** CPU seconds per check, by process; `load` is the bench itself, which runs on the same cores. */
  perCheck: Record<string, number>;
  /** CPU seconds per second of a system that has nothing to do. */
  idle: Record<string, number>;
  walBytesPerCheck: number;
  commitsPerCheck: number;
  /** Rows and indexes, with what updates leave behind: kept like a verdict, and kept like scores and attempts. */
  verdictBytesPerCheck: number;
  detailBytesPerCheck: number;
  /** All frames of a check, and of these what is kept as probe and audit images. */
  frameBytesPerCheck: number;
  imageBytesPerCheck: number;
  jobsPerCheck: number;
  redisBytesPerJob: number;
  redisBaseBytes: number;
};

export type Load = { unit: () => Promise<number>; seconds: number; inFlight: number; signal: AbortSignal };

export type Throughput = {
  checksPerSecond: number;
  cpuPerCheck: Record<string, number>;
  /** Cores that others on the machine used meanwhile. */
  foreignCores: number;
};

/** A system at rest, then under load until it is full. */
export async function measureServiceTimes(system: RunningSystem, load: Load): Promise<[ServiceTimes, Throughput]> {
  const idle = await measureIdle(system, load.seconds / 2);
  const redisBefore = await redisInfo(system);
  const before = await databaseState(system);
  const throughput = await measureThroughput(system, load);
  const after = await databaseState(system);
  const redisAfter = await redisInfo(system);
  const checks = Math.max(1, after.checks - before.checks);
  const jobs = Math.max(1, after.batches - before.batches);
  const perCheck = Object.fromEntries(
    Object.entries(throughput.cpuPerCheck).map(([name, seconds]) => [
      name,
      // What it would have used anyhow is not the checks' doing.
      Math.max(0, seconds - (idle[name] ?? 0) / throughput.checksPerSecond),
    ]),
  );
  return [
    {
      perCheck,
      idle,
      walBytesPerCheck: (after.wal - before.wal) / checks,
      commitsPerCheck: (after.commits - before.commits) / checks,
      verdictBytesPerCheck: (after.verdictBytes - before.verdictBytes) / checks,
      detailBytesPerCheck: (after.detailBytes - before.detailBytes) / checks,
      frameBytesPerCheck: (after.frameBytes - before.frameBytes) / checks,
      imageBytesPerCheck: after.keptImageBytes / Math.max(1, after.checks),
      jobsPerCheck: jobs / checks,
      redisBytesPerJob: Math.max(0, redisAfter.used - redisBefore.used) / jobs,
      redisBaseBytes: redisBefore.used,
    },
    throughput,
  ];
}

export async function measureThroughput(system: RunningSystem, { unit, ...load }: Load): Promise<Throughput> {
  const machine = await machineBusySeconds();
  const ownBefore = process.cpuUsage();
  const phase = await underLoad(system, { ...load, unit });
  const own = process.cpuUsage(ownBefore);
  const busy = (await machineBusySeconds()) - machine;
  const cpuPerCheck: Record<string, number> = { load: (own.user + own.system) / 1e6 / Math.max(1, phase.done) };
  for (const [name, ms] of Object.entries(phase.cpuEach)) cpuPerCheck[name] = ms / 1_000;
  const ours = sumOf(cpuPerCheck) * phase.done;
  return {
    checksPerSecond: phase.done / phase.seconds,
    cpuPerCheck,
    foreignCores: Math.max(0, (busy - ours) / phase.seconds),
  };
}

/** CPU of all parts while checks come at a fixed rate, whether or not those before have ended: cores. */
export async function measureAtRate(
  system: RunningSystem,
  { unit, seconds, rate, signal }: Omit<Load, 'inFlight'> & { rate: number },
): Promise<{ cores: number; checksPerSecond: number }> {
  const before = sumOf(await cpuByProcess(system));
  const startedAt = performance.now();
  const running: Promise<number>[] = [];
  for (let next = 0; next < rate * seconds && !signal.aborted; next += 1) {
    await pause(Math.max(0, (next / rate) * 1_000 - (performance.now() - startedAt)));
    running.push(unit());
  }
  await Promise.all(running);
  const elapsed = (performance.now() - startedAt) / 1_000;
  const cores = (sumOf(await cpuByProcess(system)) - before) / 1_000 / elapsed;
  return { cores, checksPerSecond: running.length / elapsed };
}

async function measureIdle(system: RunningSystem, seconds: number): Promise<Record<string, number>> {
  const before = await cpuByProcess(system);
  await pause(seconds * 1_000);
  const after = await cpuByProcess(system);
  return Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / 1_000 / seconds]),
  );
}

export function sumOf(values: Record<string, number>): number {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}

async function databaseState({ db }: RunningSystem) {
  const { rows } = await db.query(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal,
            (select xact_commit from pg_stat_database where datname = current_database())::float8 as commits,
            (select count(*) from checks)::float8 as checks, (select count(*) from frame_batches)::float8 as batches,
            (select coalesce(sum(bytes), 0) from frames)::float8 as "frameBytes",
            (select coalesce(sum(octet_length(sealed)), 0) from frame_blobs)::float8 as "keptImageBytes",
            ${sizeOf("= any(array['checks', 'check_transition_log', 'events', 'decision_receipts'])")} as "verdictBytes",
            ${sizeOf("<> all(array['checks', 'check_transition_log', 'events', 'decision_receipts', 'frame_blobs'])")} as "detailBytes"`,
  );
  return rows[0] as Record<
    'wal' | 'commits' | 'checks' | 'batches' | 'frameBytes' | 'keptImageBytes' | 'verdictBytes' | 'detailBytes',
    number
  >;
}

const sizeOf = (which: string) =>
  `(select sum(pg_total_relation_size(oid)) from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace and relname ${which})::float8`;

async function redisInfo({ redisPort }: RunningSystem): Promise<{ used: number }> {
  const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(redisPort), 'info', 'memory']);
  return { used: Number(/^used_memory:(\d+)/m.exec(stdout)?.[1] ?? 0) };
}

// USER_HZ, as in process-cpu.ts: user, nice, system, irq, softirq of all cores.
async function machineBusySeconds(): Promise<number> {
  const [first = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = first.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / 100;
}
