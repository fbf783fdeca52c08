/**
 * `npm run bench:system [-- --seconds N --children N --profile NAME --webhooks N --cpu-profiles DIR --json]`: what a core can
 * carry, with real processes. Efficiency is the engine's own CPU per frame by the CPU per frame of all our processes, and again
 * with Postgres and Redis counted; this process, which makes the load, never is.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBenchImages } from '@livegate/inference/bench/bench-images';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { engineMsPerFrame } from './engine-cost.ts';
import { launchSystem, OURS, type RunningSystem } from './launch-system.ts';
import { type Phase, underLoad } from './measure.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { drainWebhooks, FRAMES_PER_CHECK, hostedCheck, oneShotCheck } from './workloads.ts';

// A core-hour of a general-purpose machine at a large cloud, in dollars: for a feeling of cost, not a quotation.
const DOLLARS_PER_CORE_HOUR = 0.04;
const WARM_UP_SECONDS = 3;

export async function main(words: string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      seconds: { type: 'string', default: '15' },
      children: { type: 'string', default: String(availableParallelism()) },
      profile: { type: 'string', default: 'recommended' },
      webhooks: { type: 'string', default: '2000' },
      'cpu-profiles': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const frames = (
    await loadBenchImages({ from: repositoryRoot, samplesDir: join(repositoryRoot, '.models', 'samples') })
  ).map(({ bytes }) => Buffer.from(bytes));
  const engineMs = await engineMsPerFrame(frames, values.profile);
  const receiver = await startReceiver();
  const system = await launchSystem({
    profile: values.profile,
    children: Number(values.children),
    cpuProfiles: values['cpu-profiles'],
  });
  try {
    const seconds = Number(values.seconds);
    const measured = await measureAll({ system, receiver, frames, seconds, webhooks: Number(values.webhooks), signal });
    const report = summarise({ ...measured, engineMs, children: Number(values.children), profile: values.profile });
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : print(report));
    return 0;
  } finally {
    await system.stop();
    await receiver.close();
  }
}

type Work = {
  system: RunningSystem;
  receiver: Receiver;
  frames: readonly Buffer[];
  seconds: number;
  webhooks: number;
  signal: AbortSignal;
};

async function measureAll({ system, receiver, frames, seconds, webhooks, signal }: Work) {
  const hosted = hostedCheck(system, receiver, frames);
  const oneShot = oneShotCheck(system, frames);
  await underLoad(system, { seconds: WARM_UP_SECONDS, inFlight: 2, unit: hosted, signal });
  await underLoad(system, { seconds: WARM_UP_SECONDS, inFlight: 2, unit: oneShot, signal });
  const bytesBefore = await databaseBytes(system);
  const hostedPhase = await underLoad(system, { seconds, inFlight: 8, unit: hosted, signal });
  const bytesPerCheck = ((await databaseBytes(system)) - bytesBefore) / Math.max(1, hostedPhase.done);
  return {
    hosted: hostedPhase,
    hostedAlone: await underLoad(system, { seconds: seconds / 2, inFlight: 1, unit: hosted, signal }),
    oneShot: await underLoad(system, { seconds, inFlight: 4, unit: oneShot, signal }),
    oneShotAlone: await underLoad(system, { seconds: seconds / 2, inFlight: 1, unit: oneShot, signal }),
    webhooksPerSecond: await drainWebhooks(system, receiver, webhooks),
    bytesPerCheck,
  };
}

async function databaseBytes({ db }: RunningSystem): Promise<number> {
  const { rows } = await db.query('select pg_database_size(current_database())::float8 as bytes');
  return rows[0].bytes;
}

type Measured = Awaited<ReturnType<typeof measureAll>> & { engineMs: number; children: number; profile: string };

function summarise({ hosted, hostedAlone, oneShot, oneShotAlone, engineMs, ...rest }: Measured) {
  return {
    profile: rest.profile,
    children: rest.children,
    engineMsPerFrame: engineMs,
    ratioHosted: (engineMs * FRAMES_PER_CHECK) / allCpu(hosted),
    ratioOneShot: engineMs / allCpu(oneShot),
    ratioHostedWithoutServers: (engineMs * FRAMES_PER_CHECK) / ourCpu(hosted),
    ratioOneShotWithoutServers: engineMs / ourCpu(oneShot),
    oneShotOverheadMs: oneShotAlone.latencies.p50 - engineMs,
    webhooksPerSecond: rest.webhooksPerSecond,
    framesPerSecond: (hosted.done * FRAMES_PER_CHECK) / hosted.seconds,
    hostedChecksPerSecond: hosted.done / hosted.seconds,
    oneShotChecksPerSecond: oneShot.done / oneShot.seconds,
    finishToWebhookMs: { underLoad: hosted.latencies, alone: hostedAlone.latencies },
    oneShotMs: { underLoad: oneShot.latencies, alone: oneShotAlone.latencies },
    cpuMsPerHostedCheck: hosted.cpuEach,
    cpuMsPerOneShotCheck: oneShot.cpuEach,
    postgresBytesPerHostedCheck: rest.bytesPerCheck,
    dollarsPerMillionHostedChecks: (allCpu(hosted) / 3_600_000) * DOLLARS_PER_CORE_HOUR * 1e6,
  };
}

function ourCpu({ cpuEach }: Phase): number {
  return OURS.reduce((sum, name) => sum + (cpuEach[name] ?? 0), 0);
}

function allCpu({ cpuEach }: Phase): number {
  return Object.values(cpuEach).reduce((sum, ms) => sum + ms, 0);
}

function print(report: ReturnType<typeof summarise>): string {
  const lines = Object.entries(report).map(([name, value]) => `${name.padEnd(32)} ${show(value)}`);
  return `${lines.join('\n')}\n`;
}

function show(value: unknown): string {
  if (typeof value === 'number') return value.toFixed(value < 10 ? 3 : 1);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${show(inner)}`)
    .join(', ');
}
