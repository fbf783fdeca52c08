/**
 * `npm run capacity [-- --seconds N --profile NAME --json]`: measures service times with one inference child, predicts from
 * them what two children and a fixed rate come to, measures both, prints the errors, and plans for 10, 1,000 and 100,000
 * hosted checks a second.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBenchImages } from '@livegate/inference/bench/bench-images';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { launchSystem, type RunningSystem } from '../system/launch-system.ts';
import { underLoad } from '../system/measure.ts';
import { startReceiver } from '../system/receiver.ts';
import { hostedCheck } from '../system/workloads.ts';
import { type Plan, plan, predictCores, predictThroughput } from './model.ts';
import { type Load, measureAtRate, measureServiceTimes, measureThroughput } from './service-times.ts';
import { REMEDIES } from './what-to-do.ts';

const RATES = [10, 1_000, 100_000];
const IN_FLIGHT = 12;
const WARM_UP_SECONDS = 3;

export async function main(words: string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      seconds: { type: 'string', default: '12' },
      profile: { type: 'string', default: 'recommended' },
      json: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  const samplesDir = join(repositoryRoot, '.models', 'samples');
  const images = await loadBenchImages({ from: repositoryRoot, samplesDir });
  const frames = images.map(({ bytes }) => Buffer.from(bytes));
  const receiver = await startReceiver();
  const within = async <T>(children: number, work: (system: RunningSystem, load: Load) => Promise<T>): Promise<T> => {
    const system = await launchSystem({ profile: values.profile, children });
    try {
      const load = { unit: hostedCheck(system, receiver, frames), seconds, inFlight: IN_FLIGHT, signal };
      await underLoad(system, { ...load, seconds: WARM_UP_SECONDS, inFlight: 2 });
      return await work(system, load);
    } finally {
      await system.stop();
    }
  };
  try {
    const [times, one] = await within(1, measureServiceTimes);
    const rate = Math.max(1, Math.floor(one.checksPerSecond / 2));
    const [two, atRate] = await within(2, async (system, load) => [
      await measureThroughput(system, load),
      await measureAtRate(system, { ...load, rate }),
    ]);
    const cores = availableParallelism();
    const points = [
      point(
        'checks/s, two children',
        predictThroughput(times, { children: 2, cores: cores - two.foreignCores }),
        two.checksPerSecond,
      ),
      point(`cores at ${rate} checks/s, two children`, predictCores(times, atRate.checksPerSecond), atRate.cores),
    ];
    const calibration = point(
      'checks/s, one child',
      predictThroughput(times, { children: 1, cores: cores - one.foreignCores }),
      one.checksPerSecond,
    );
    const report = {
      cores,
      serviceTimes: times,
      calibration,
      points,
      plans: RATES.map((wish) => plan(times, wish)),
      remedies: REMEDIES,
    };
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : print(report));
    return 0;
  } finally {
    await receiver.close();
  }
}

type Point = { what: string; predicted: number; measured: number; error: number };

function point(what: string, predicted: number, measured: number): Point {
  return { what, predicted, measured, error: predicted / measured - 1 };
}

type Report = { calibration: Point; points: Point[]; plans: Plan[]; remedies: typeof REMEDIES };

function print({ calibration, points, plans, remedies }: Report): string {
  const shown = [calibration, ...points].map(
    ({ what, predicted, measured, error }) =>
      `${what.padEnd(36)} predicted ${predicted.toFixed(2)}, measured ${measured.toFixed(2)}: ${(error * 100).toFixed(0)} %`,
  );
  const rows = plans.map((one) =>
    Object.entries(one)
      .map(([name, value]) => `  ${name.padEnd(30)} ${show(value)}`)
      .join('\n'),
  );
  const does = remedies.map(({ part, remedy, where }) => `${part}: ${remedy}. ${where}`);
  return `${shown.join('\n')}\n\n${rows.join('\n\n')}\n\n${does.join('\n')}\n`;
}

function show(value: unknown): string {
  if (typeof value === 'number') return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${show(inner)}`)
    .join(', ');
}
