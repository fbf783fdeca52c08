/**
 * The child process: decodes and scores. It touches no network and no database. Whatever happens to
 * it (crash, hang, out of memory) costs its own attempt only; it ends when its supervisor does.
 */
import { constants, setPriority } from 'node:os';
import { CodedError } from '@livegate/domain/errors';
import { type Engine, openEngine } from '@livegate/inference/engine';
import { loadManifest } from '@livegate/inference/manifest';
import { openHeadObserver } from '@livegate/inference/observe-head';
import { resolveProfile } from '@livegate/inference/profiles';
import type { BatchRequest, ChildMessage, ChildRequest, ChildSettings, FrameFinding } from './child-protocol.ts';

// A supervisor that was killed cannot be told anything: the child goes quietly.
const send = (message: ChildMessage) => process.send?.(message, (error) => error && process.exit(0));

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group: the supervisor decides when a child may go.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
try {
  // The supervisor, which renews locks, gets the CPU first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Some sandboxes forbid it; scoring works all the same.
}

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings;
const engine = await openEngine({
  profile: await resolveProfile({
    setting: settings.profile,
    modelsDir: settings.modelsDir,
    manifest: await loadManifest(settings.manifest ?? undefined),
  }),
  provider: settings.provider,
});
const observer = settings.observesHeads ? await openHeadObserver({ modelsDir: settings.modelsDir }) : null;
process.on('message', ({ task, ...batch }: ChildRequest) => {
  analyseBatch(engine, batch).then(
    (findings) => send({ kind: 'scored', task, frames: findings }),
    (error: Error) => send({ kind: 'failed', task, message: error.message }),
  );
});
send({ kind: 'ready', profile: engine.profile });

async function analyseBatch(open: Engine, { frames, heads }: BatchRequest): Promise<FrameFinding[]> {
  // All at once: on the CPU the engine takes them in turn, on a GPU it joins them.
  const findings = await Promise.all(frames.map((frame) => scoreFrame(open, frame)));
  if (!heads) return findings;
  if (!observer) throw new Error('The check has a challenge, but LIVEGATE_CHALLENGES is none for this worker.');
  const faces = findings.map(({ boundingBox }, index) => {
    const image = frames[index];
    return image && boundingBox ? { image, face: boundingBox } : null;
  });
  const observed = await observer.observe(faces, heads.reference);
  return findings.map((finding, index) => ({
    ...finding,
    head: observed[index]?.head ?? null,
    look: observed[index]?.look ?? null,
  }));
}

// An image that cannot be read is a finding about the frame, not a failure of ours.
async function scoreFrame(open: Engine, image: Uint8Array): Promise<FrameFinding> {
  try {
    const { score, reasons, boundingBox, width, height, faces, shadowScores, timings, quality } =
      await open.analyse(image);
    return { score, reasons, boundingBox, width, height, faces, shadowScores, timings, quality };
  } catch (error) {
    if (error instanceof CodedError && error.code === 'unreadable_image') {
      const unread = { boundingBox: null, width: null, height: null, faces: null, shadowScores: {} };
      return { score: null, reasons: ['UNREADABLE_IMAGE'], ...unread };
    }
    throw error;
  }
}
