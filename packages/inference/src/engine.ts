/** The models of a profile, opened once and used frame by frame. */
import { readFile } from 'node:fs/promises';
import { type Analyser, analyse, type FrameAnalysis } from './analyse.ts';
import { batchRuns, GPU_BATCHES } from './batch-runs.ts';
import { copyInputs } from './copy-inputs.ts';
import type { Detector } from './detector.ts';
import { type DropShadow, dropOnStderr, keepWorking } from './drop-shadow.ts';
import type { ModelFile, ProfileName } from './manifest.ts';
import { type OnnxSession, openOnnxSession } from './onnx-session.ts';
import type { Profile, VerifiedShadow } from './profiles.ts';
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
  /** Told of a candidate that cannot score. */
  onShadowDropped?: DropShadow;
};

/**
 * Opens every model of a verified profile. Rejects when onnxruntime cannot read one, when the provider is not there, and
 * when a model does not compute what its published file does. For a candidate's model the candidate is dropped instead.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { profile, provider = 'cpu', asksAll = false, onShadowDropped = dropOnStderr } = options;
  await probeProvider(provider, await readFile(profile.landmarks.file));
  const sessions: OnnxSession[] = [];
  const isAlone = provider === 'cpu';
  const opened = await openAnalyser(profile, sessions, { provider, isAlone, onShadowDropped });
  await selfTest(opened.scorers);
  const shadows = await keepWorking(opened.shadows, onShadowDropped, async (shadow) => {
    await selfTest(shadow.scorers);
    return shadow;
  });
  const analyser = { ...opened, shadows, asksAll };
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

type Opening = {
  provider?: Provider;
  /** Whether the caller hands in one frame at a time. */
  isAlone?: boolean;
  onShadowDropped?: DropShadow;
};

type OpenModel = (model: ModelFile & { file: string }) => Promise<OnnxSession>;

/** The models alone, for a caller that runs single steps; the sessions to close are added to the list. */
export async function openAnalyser(
  profile: Profile,
  sessions: OnnxSession[],
  { provider = 'cpu', isAlone = true, onShadowDropped = dropOnStderr }: Opening = {},
): Promise<Analyser> {
  const opened = new Map<string, OnnxSession>();
  // A shadow's model may be one of the profile's: opened once.
  const open: OpenModel = async (model) => {
    const session = opened.get(model.id) ?? (await openFastest(model, { provider, isAlone }));
    if (!opened.has(model.id)) sessions.push(session);
    opened.set(model.id, session);
    return session;
  };
  const live = await openModels(profile, open);
  const shadows = await keepWorking(profile.shadows, onShadowDropped, (shadow) => openShadow(shadow, open));
  return { ...live, shadows, asksAll: false };
}

async function openModels(profile: Profile, open: OpenModel): Promise<Omit<Analyser, 'shadows' | 'asksAll'>> {
  let detector: Detector | undefined;
  const scorers: Scorer[] = [];
  for (const model of profile.models) {
    const session = await open(model);
    if (model.task === 'detection') detector = { model, session };
    else scorers.push({ model, session });
  }
  if (!detector) throw new Error(`Model profile ${profile.name} has no detector.`);
  const landmarker = { model: profile.landmarks, session: await open(profile.landmarks) };
  return { detector, landmarker, scorers, recipe: profile.recipe };
}

async function openShadow({ name, recipe, models }: VerifiedShadow, open: OpenModel): Promise<OpenShadow> {
  const scorers: Scorer[] = [];
  for (const model of models) scorers.push({ model, session: await open(model) });
  return { name, recipe, scorers };
}

/** The rewritten graph where there is one, opened so that as many frames as the caller has do not disturb each other. */
async function openFastest(
  model: ModelFile & { file: string },
  { provider, isAlone }: { provider: Provider; isAlone: boolean },
): Promise<OnnxSession> {
  const built = await readBuiltGraph(model);
  const session = await openOnnxSession(built?.bytes ?? model.file, { provider });
  if (isAlone) return session;
  // Only the rewritten graphs take more than one image a run.
  return built ? batchRuns(session, GPU_BATCHES) : copyInputs(session);
}
