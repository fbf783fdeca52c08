/** The engine against the bare loop on the same frames, in alternating rounds of one process. */
import type { Analyser } from '../analyse.ts';
import { type Engine, openAnalyser, openEngine } from '../engine.ts';
import type { OnnxSession } from '../onnx-session.ts';
import type { Profile } from '../profiles.ts';
import { openBareLoop } from './bare-loop.ts';
import type { BenchImage } from './bench-images.ts';
import { type CascadeCosts, openCascade } from './cascade-bench.ts';
import { type PlannedFrame, planFrame } from './frame-plan.ts';
import type { Peer } from './human-peer.ts';
import { cycle, lowerQuartile, median, runRound } from './measure-cpu.ts';
import { measureStages, type StageCosts } from './measure-stages.ts';

/** What the command prints with --json. */
export type BenchResult = {
  profile: string;
  /** Every model on every frame, as the bare loop runs them. */
  framesPerSecondPerCore: number;
  bareFramesPerSecondPerCore: number;
  /** The bare loop's CPU per frame by the engine's: 1 would be an engine that costs nothing. */
  ratio: number;
  /** The engine as it serves: models are asked until the score is settled. */
  cascade: CascadeCosts;
  /** Milliseconds of CPU per frame. */
  stages: StageCosts;
  /** Another engine on the same images, where one was asked for. */
  peer?: { name: string; framesPerSecondPerCore: number };
  /** Of the engine alone: read before the bare loop's models are open. */
  peakRssMb: number;
};

/** Rounds before the first that counts: compilers and caches are warm after far fewer. */
const WARM_UP_ROUNDS = 12;

/** Measures the engine over those of the images that it scores. Throws when there are none. */
export async function benchEngine(work: {
  profile: Profile;
  images: readonly BenchImage[];
  rounds: number;
  openPeer?: (() => Promise<Peer>) | undefined;
}): Promise<BenchResult> {
  const { profile, images, rounds, openPeer } = work;
  const engine = await openEngine({ profile, asksAll: true });
  const scored = await selectScored(engine, images);
  const engineRound = () => runRound(scored, async (image) => void (await engine.analyse(image.bytes)));
  for (let round = 0; round < WARM_UP_ROUNDS; round++) await engineRound();
  const peakRssMb = process.resourceUsage().maxRSS / 1024;

  const sessions: OnnxSession[] = [];
  const models = await openAnalyser(profile, sessions);
  const bare = await openBareLoop(profile);
  const frames = await planFrames(scored, models);
  const cascade = await openCascade(profile, images);
  const bareRound = () => runRound(frames, ({ image, plan }) => bare.run(image.bytes, plan));
  const peer = await openPeer?.();
  const peerRound = async () => (peer ? runRound(scored, (image) => peer.run(image.bytes)) : 0);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    await bareRound();
    await cascade.round();
  }
  await peerRound();

  const engineCosts: number[] = [];
  const bareCosts: number[] = [];
  const peerCosts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    engineCosts.push(await engineRound());
    bareCosts.push(await bareRound());
    await cascade.round();
    // It takes as long as all the others together.
    if (peer && round % 4 === 0) peerCosts.push(await peerRound());
  }
  const stages = await measureStages({ frames: cycle(frames), models, rounds });
  const cascadeCosts = cascade.costs();
  await Promise.all([
    engine.close(),
    bare.close(),
    cascade.close(),
    peer?.close(),
    ...sessions.map((session) => session.close()),
  ]);
  return {
    profile: profile.name,
    framesPerSecondPerCore: 1000 / lowerQuartile(engineCosts),
    bareFramesPerSecondPerCore: 1000 / lowerQuartile(bareCosts),
    ratio: median(bareCosts.map((cost, round) => cost / (engineCosts[round] as number))),
    cascade: cascadeCosts,
    stages,
    ...(peer ? { peer: { name: peer.name, framesPerSecondPerCore: 1000 / lowerQuartile(peerCosts) } } : {}),
    peakRssMb,
  };
}

/** A frame that is refused costs less: it would flatter the engine. */
export async function selectScored(engine: Engine, images: readonly BenchImage[]): Promise<BenchImage[]> {
  const scored: BenchImage[] = [];
  for (const image of images) {
    const score = await engine.analyse(image.bytes).then(
      (analysis) => analysis.score,
      () => null,
    );
    if (score !== null) scored.push(image);
  }
  if (scored.length === 0) throw new Error('none of the images can be scored');
  return scored;
}

async function planFrames(images: readonly BenchImage[], models: Analyser): Promise<PlannedFrame[]> {
  const frames: PlannedFrame[] = [];
  // One after another: they share the resampler's planes.
  for (const image of images) {
    const plan = await planFrame(image.bytes, models);
    if (plan) frames.push({ image, plan });
  }
  return frames;
}
