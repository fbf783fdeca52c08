import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { analyse } from './analyse.ts';
import { openAnalyser } from './engine.ts';
import { oneFace, prepareModels } from './internal/test-fixtures.ts';
import type { OnnxSession } from './onnx-session.ts';
import { resolveProfile } from './profiles.ts';

/** Four pictures whose scores differ. */
async function frames(): Promise<Buffer[]> {
  const face = await oneFace();
  const edits = [
    sharp(face),
    sharp(face).flop(),
    sharp(face).linear(0.7, 0),
    sharp(face).modulate({ saturation: 0.6 }),
  ];
  return Promise.all(edits.map((edit) => edit.png().toBuffer()));
}

// On a GPU frames are not taken in turn; what the sessions are opened with then is the same on the CPU.
it.each([
  { graphs: 'rewritten graphs, whose runs are joined', hasBuilt: true },
  { graphs: 'published files, which take one image a run', hasBuilt: false },
])(
  'frames handed in together score as each alone with $graphs',
  async ({ hasBuilt }) => {
    const prepared = await prepareModels('baseline');
    const folder = await mkdtemp(join(tmpdir(), 'livegate-frames-'));
    for (const id of ['fr_detect', 'fr_liveness', 'fr_landmark'])
      await copyFile(join(prepared, `${id}.onnx`), join(folder, `${id}.onnx`));
    const profile = await resolveProfile({ setting: 'baseline', modelsDir: hasBuilt ? prepared : folder });
    const sessions: OnnxSession[] = [];
    const analyser = await openAnalyser(profile, sessions, { isAlone: false });

    const images = await frames();
    const alone: (number | null)[] = [];
    for (const image of images) alone.push((await analyse(analyser, image)).score);
    const together = await Promise.all(images.map((image) => analyse(analyser, image)));
    await Promise.all(sessions.map((session) => session.close()));
    await rm(folder, { recursive: true });

    expect(new Set(alone).size).toBe(images.length);
    for (const [index, { score }] of together.entries()) expect(score).toBeCloseTo(alone[index] as number, 4);
  },
  60_000,
);
