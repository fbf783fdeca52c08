/**
 * The child process: decodes and scores, one batch at a time. It touches no network and no database. Whatever happens to
 * it (crash, hang, out of memory) costs its own attempt only; it ends when its supervisor does.
 */
import { constants, setPriority } from 'node:os';
import { CodedError } from '@livegate/domain/errors';
import { type Engine, openEngine } from '@livegate/inference/engine';
import { openHeadObserver } from '@livegate/inference/observe-head';
import { resolveProfile } from '@livegate/inference/profiles';
import type { ChildMessage, ChildRequest, ChildSettings, FrameFinding } from './child-protocol.ts';

const send = (message: ChildMessage) => process.send?.(message);

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
  profile: await resolveProfile({ setting: settings.profile, modelsDir: settings.modelsDir }),
});
const observer = await openHeadObserver({ modelsDir: settings.modelsDir });
process.on('message', (request: ChildRequest) => {
  scoreBatch(engine, request).then(
    (frames) => send({ kind: 'scored', frames }),
    (error: Error) => send({ kind: 'failed', message: error.message }),
  );
});
send({ kind: 'ready', profile: engine.profile });

async function scoreBatch(open: Engine, { frames, heads }: ChildRequest): Promise<FrameFinding[]> {
  const findings: FrameFinding[] = [];
  for (const image of frames) findings.push(await scoreFrame(open, image));
  if (!heads) return findings;
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
    const { score, reasons, boundingBox, width, height, faces } = await open.analyse(image);
    return { score, reasons, boundingBox, width, height, faces };
  } catch (error) {
    if (error instanceof CodedError && error.code === 'unreadable_image') {
      return { score: null, reasons: ['UNREADABLE_IMAGE'], boundingBox: null, width: null, height: null, faces: null };
    }
    throw error;
  }
}
