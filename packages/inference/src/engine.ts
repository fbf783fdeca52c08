/** The models of a profile, opened once and used frame by frame. */
import { type Analyser, analyse, type FrameAnalysis } from './analyse.ts';
import type { Detector } from './detector.ts';
import type { ProfileName } from './manifest.ts';
import { type OnnxSession, openOnnxSession } from './onnx-session.ts';
import type { Profile } from './profiles.ts';
import type { Scorer } from './score-presentation.ts';

/** Scores frames, one at a time: a call runs on this thread until it is done. */
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
    analyse: (image) => analyse(analyser, image),
    close: async () => {
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

async function openAnalyser(profile: Profile, sessions: OnnxSession[]): Promise<Analyser> {
  let detector: Detector | undefined;
  const scorers: Scorer[] = [];
  for (const model of profile.models) {
    const session = await openOnnxSession(model.file);
    sessions.push(session);
    if (model.task === 'detection') detector = { model, session };
    else scorers.push({ model, session });
  }
  if (!detector) throw new Error(`Model profile ${profile.name} has no detector.`);
  return { detector, scorers, recipe: profile.recipe };
}
