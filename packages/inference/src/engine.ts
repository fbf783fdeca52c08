/** The models of a profile, opened once and used frame by frame. */
import { readFile } from 'node:fs/promises';
import { type Analyser, analyse, type FrameAnalysis } from './analyse.ts';
import { batchRuns, GPU_BATCHES } from './batch-runs.ts';
import type { Detector } from './detector.ts';
import type { ModelFile, ProfileName } from './manifest.ts';
import { type OnnxSession, openOnnxSession } from './onnx-session.ts';
import type { Profile } from './profiles.ts';
import { type Provider, probeProvider } from './provider.ts';
import { readBuiltGraph } from './rewrite/built-graph.ts';
import type { Scorer } from './score-presentation.ts';
import { selfTest } from './self-test.ts';
import type { OpenShadow } from './shadow-scores.ts';
import { takeTurn } from './take-turn.ts';

/**
 * Scores frames on this thread. On the CPU one at a time, in the order of the calls; on a GPU as many as are handed in
 * at once, their model runs joined into batches.
 */
export type Engine = {
  profile: ProfileName;
  provider: Provider;
  models: { id: string; sha256: string }[];
  /** Analyses one JPEG, PNG or WebP image. Rejects with `unreadable_image`. */
  analyse(image: Uint8Array): Promise<FrameAnalysis>;
  close(): Promise<void>;
};

type EngineOptions = {
  profile: Profile;
  provider?: Provider;
  /** Whether every model is asked on every frame: for comparisons. By default until the score is settled. */
  asksAll?: boolean;
};

/**
 * Opens every model of a verified profile. Rejects when onnxruntime cannot read one, when the provider is not there, and
 * when a model does not compute what its published file does.
 */
export async function openEngine({ profile, provider = 'cpu', asksAll = false }: EngineOptions): Promise<Engine> {
  await probeProvider(provider, await readFile(profile.landmarks.file));
  const sessions: OnnxSession[] = [];
  const analyser = { ...(await openAnalyser(profile, sessions, provider)), asksAll };
  await selfTest([...analyser.scorers, ...analyser.shadows.flatMap(({ scorers }) => scorers)]);
  const isAlone = provider === 'cpu';
  return {
    profile: profile.name,
    provider,
    models: profile.models.map(({ id, sha256 }) => ({ id, sha256 })),
    analyse: (image) => (isAlone ? takeTurn(() => analyse(analyser, image)) : analyse(analyser, image)),
    close: async () => {
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

/** The models alone, for a caller that runs single steps; the sessions to close are added to the list. */
export async function openAnalyser(
  profile: Profile,
  sessions: OnnxSession[],
  provider: Provider = 'cpu',
): Promise<Analyser> {
  const opened = new Map<string, Promise<OnnxSession>>();
  // A shadow's model may be one of the profile's: opened once.
  const open = (model: ModelFile & { file: string }): Promise<OnnxSession> => {
    const session = opened.get(model.id) ?? openFastest(model, provider);
    opened.set(model.id, session);
    return session;
  };
  const analyser = await openModels(profile, open);
  sessions.push(...(await Promise.all(opened.values())));
  return analyser;
}

async function openModels(
  profile: Profile,
  open: (model: ModelFile & { file: string }) => Promise<OnnxSession>,
): Promise<Analyser> {
  let detector: Detector | undefined;
  const scorers: Scorer[] = [];
  for (const model of profile.models) {
    const session = await open(model);
    if (model.task === 'detection') detector = { model, session };
    else scorers.push({ model, session });
  }
  if (!detector) throw new Error(`Model profile ${profile.name} has no detector.`);
  const landmarker = { model: profile.landmarks, session: await open(profile.landmarks) };
  const shadows: OpenShadow[] = [];
  for (const { name, recipe, models } of profile.shadows) {
    const own: Scorer[] = [];
    for (const model of models) own.push({ model, session: await open(model) });
    shadows.push({ name, recipe, scorers: own });
  }
  return { detector, landmarker, scorers, recipe: profile.recipe, shadows, asksAll: false };
}

/** The rewritten graph where there is one. */
async function openFastest(model: ModelFile & { file: string }, provider: Provider): Promise<OnnxSession> {
  const built = await readBuiltGraph(model);
  const session = await openOnnxSession(built?.bytes ?? model.file, { provider });
  // Only the rewritten graphs take more than one image a run.
  return provider !== 'cpu' && built ? batchRuns(session, GPU_BATCHES) : session;
}
