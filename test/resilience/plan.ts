/** When which fault strikes what: worked out from the seed before anything runs, so that a seed is a run. */
import { FAULT_NAMES, type FaultName, NEMESIS } from './nemesis.ts';
import { type Random, seededRandom } from './seeded-random.ts';

export type PlannedStrike = { at: number; fault: FaultName; target: string; seconds: number };
export type Plan = { seed: number; seconds: number; strikes: PlannedStrike[] };

type Wish = { seed: number; seconds: number; backend: 'postgres' | 'redis'; faults?: readonly FaultName[] | undefined };

// Seconds of load before the first fault, and of peace between two of one lane.
const QUIET_START = 2;
const PEACE = [0.5, 2.5] as const;

export function makePlan({ seed, seconds, backend, faults = FAULT_NAMES }: Wish): Plan {
  const random = seededRandom(seed);
  const possible = faults.filter((name) => backend === 'redis' || !('redisOnly' in NEMESIS[name]));
  const strikes = (['processes', 'surroundings'] as const).flatMap((lane) =>
    planLane(
      possible.filter((name) => NEMESIS[name].lane === lane),
      { random, seconds },
    ),
  );
  return { seed, seconds, strikes: strikes.sort((a, b) => a.at - b.at) };
}

/** One after the other, every fault of the lane before any comes twice. */
function planLane(
  faults: readonly FaultName[],
  { random, seconds }: { random: Random; seconds: number },
): PlannedStrike[] {
  const strikes: PlannedStrike[] = [];
  let bag: FaultName[] = [];
  if (faults.length === 0) return strikes;
  for (let at = QUIET_START + random.between(0, PEACE[1]); at < seconds; at += random.between(...PEACE)) {
    if (bag.length === 0) bag = random.shuffle(faults);
    const fault = bag.pop() as FaultName;
    const { targets, seconds: range } = NEMESIS[fault];
    const lasts = Math.min(random.between(...range), seconds - at);
    strikes.push({ at: round(at), fault, target: random.pick<string>(targets), seconds: round(lasts) });
    at += lasts;
  }
  return strikes;
}

export function printPlan({ seed, seconds, strikes }: Plan): string {
  const lines = strikes.map(
    ({ at, fault, target, seconds: lasts }) =>
      `  ${at.toFixed(1).padStart(5)} s  ${fault}${target === '-' ? '' : ` ${target}`}${lasts > 0 ? ` for ${lasts.toFixed(1)} s` : ''}`,
  );
  return [`plan of seed ${seed}, ${seconds} s, ${strikes.length} strikes:`, ...lines].join('\n');
}

const round = (value: number) => Math.round(value * 10) / 10;
