/** What a frame costs as the engine serves it, by how far it had to go. */
import { type Engine, openEngine } from '../engine.ts';
import type { Profile } from '../profiles.ts';
import type { BenchImage } from './bench-images.ts';
import { lowerQuartile, runRound } from './measure-cpu.ts';

/**
 * `refused`: no score, by a gate or for want of a face. `settledBelow` and `settledAbove`: the first models left nothing
 * open. `unsettled`: all were needed.
 */
const OUTCOMES = ['refused', 'settledBelow', 'unsettled', 'settledAbove'] as const;
type Outcome = (typeof OUTCOMES)[number];

export type OutcomeCosts = { frames: number; framesPerSecondPerCore: number };

/** Over all frames of the bench, and by outcome; an outcome that no frame had is left out. */
export type CascadeCosts = { framesPerSecondPerCore: number } & Partial<Record<Outcome, OutcomeCosts>>;

export type Cascade = { round(): Promise<void>; costs(): CascadeCosts; close(): Promise<void> };

/** Opens the engine and finds out how far each image goes; files that cannot be read are left out. */
export async function openCascade(profile: Profile, images: readonly BenchImage[]): Promise<Cascade> {
  const engine = await openEngine({ profile });
  const groups = await groupByOutcome(engine, profile, images);
  const readable = [...groups.values()].flat();
  const analyse = async (image: BenchImage) => void (await engine.analyse(image.bytes));
  const samples = { all: [] as number[], byOutcome: new Map(OUTCOMES.map((outcome) => [outcome, [] as number[]])) };
  return {
    async round() {
      samples.all.push(await runRound(readable, analyse));
      for (const [outcome, group] of groups) samples.byOutcome.get(outcome)?.push(await runRound(group, analyse));
    },
    costs() {
      const byOutcome = [...groups].map(([outcome, group]) => {
        const framesPerSecondPerCore = 1000 / lowerQuartile(samples.byOutcome.get(outcome) ?? []);
        return [outcome, { frames: group.length, framesPerSecondPerCore }];
      });
      return { framesPerSecondPerCore: 1000 / lowerQuartile(samples.all), ...Object.fromEntries(byOutcome) };
    },
    close: () => engine.close(),
  };
}

async function groupByOutcome(engine: Engine, profile: Profile, images: readonly BenchImage[]) {
  const groups = new Map<Outcome, BenchImage[]>();
  const votes = Object.keys(profile.recipe.weights).length;
  for (const image of images) {
    const analysis = await engine.analyse(image.bytes).catch(() => null);
    if (!analysis) continue;
    const outcome = outcomeOf({ score: analysis.score, isComplete: Object.keys(analysis.logOdds).length === votes });
    groups.set(outcome, [...(groups.get(outcome) ?? []), image]);
  }
  return groups;
}

function outcomeOf({ score, isComplete }: { score: number | null; isComplete: boolean }): Outcome {
  if (score === null) return 'refused';
  if (isComplete) return 'unsettled';
  return score < 0.5 ? 'settledBelow' : 'settledAbove';
}
