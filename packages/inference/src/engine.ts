/** The models of a profile, opened once and used frame by frame. */
import { type Analyser, analyse, type FrameAnalysis } from './analyse.ts';
import type { Detector } from './detector.ts';
import type { ModelFile, ProfileName } from './manifest.ts';
import { type OnnxSession, openOnnxSession } from './onnx-session.ts';
import type { Profile } from './profiles.ts';
import { readBuiltGraph } from './rewrite/built-graph.ts';
import type { Scorer } from './score-presentation.ts';
import { takeTurn } from './take-turn.ts';

/** Scores frames one at a time, in the order of the calls, on this thread. */
export type Engine = {
  profile: ProfileName;
  models: { id: string; sha256: string }[];
  /** Analyses one JPEG, PNG or WebP image. Rejects with `unreadable_image`. */
  analyse(image: Uint8Array): Promise<FrameAnalysis>;
  close(): Promise<void>;
};

/** Opens every model of a verified profile. Rejects when onnxruntime cannot read one. */
export async function openEngine({ profile }: { profile: Profile }): Promise<Engine> {
  const sessions: OnnxSession[] = [];
  const analyser = await openAnalyser(profile, sessions);
  return {
    profile: profile.name,
    models: profile.models.map(({ id, sha256 }) => ({ id, sha256 })),
    analyse: (image) => takeTurn(() => analyse(analyser, image)),
    close: async () => {
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

/** The models alone, for a caller that runs single steps; the sessions to close are added to the list. */
export async function openAnalyser(profile: Profile, sessions: OnnxSession[]): Promise<Analyser> {
  let detector: Detector | undefined;
  const scorers: Scorer[] = [];
  for (const model of profile.models) {
    const session = await openFastest(model);
    sessions.push(session);
    if (model.task === 'detection') detector = { model, session };
    else scorers.push({ model, session });
  }
  if (!detector) throw new Error(`Model profile ${profile.name} has no detector.`);
  const landmarker = { model: profile.landmarks, session: await openFastest(profile.landmarks) };
  sessions.push(landmarker.session);
  return { detector, landmarker, scorers, recipe: profile.recipe };
}

/** The rewritten graph where there is one. */
async function openFastest(model: ModelFile & { file: string }): Promise<OnnxSession> {
  const built = await readBuiltGraph(model);
  return openOnnxSession(built?.bytes ?? model.file);
}
