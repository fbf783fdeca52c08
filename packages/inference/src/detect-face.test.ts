import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { detectFaces } from './detect-face.ts';
import { decodeUltraFace } from './detect-ultraface.ts';
import { decodeYunet } from './detect-yunet.ts';
import type { Detector } from './detector.ts';
import { oneFace, prepareModels, sharedDir, twoFaces } from './internal/test-fixtures.ts';
import type { ProfileName } from './manifest.ts';
import { openOnnxSession } from './onnx-session.ts';
import { resolveProfile } from './profiles.ts';

describe('decodeYunet', () => {
  it('reads a cell of each stride as score, centre and size', () => {
    const outputs: Record<string, Float32Array> = {};
    for (const stride of [8, 16, 32]) {
      const cells = (64 / stride) * (32 / stride);
      for (const [name, width] of [
        ['cls', 1],
        ['obj', 1],
        ['bbox', 4],
      ] as const) {
        outputs[`${name}_${stride}`] = new Float32Array(cells * width);
      }
    }
    // Stride 16 has 4 columns: cell 6 is column 2, row 1.
    outputs.cls_16?.set([0.81], 6);
    outputs.obj_16?.set([1.5], 6);
    outputs.bbox_16?.set([0.5, 0.25, Math.log(2), Math.log(3)], 24);
    // Below the gate: sqrt(0.5 * 0.5) = 0.5.
    outputs.cls_8?.set([0.5], 0);
    outputs.obj_8?.set([0.5], 0);

    const [face, ...others] = decodeYunet(outputs, { width: 64, height: 32 });
    expect(others).toEqual([]);
    expect(face?.confidence).toBeCloseTo(0.9, 5);
    expect(face?.box.x).toBeCloseTo(2.5 * 16 - 16, 4);
    expect(face?.box.y).toBeCloseTo(1.25 * 16 - 24, 4);
    expect([face?.box.width, face?.box.height].map((side) => Math.round(side ?? 0))).toEqual([32, 48]);
  });
});

describe('decodeUltraFace', () => {
  it('turns corners in fractions into pixels and drops what is not a face', () => {
    const outputs = {
      scores: Float32Array.from([0.05, 0.95, 0.6, 0.4]),
      boxes: Float32Array.from([0.25, 0.5, 0.5, 1, 0, 0, 1, 1]),
    };
    const faces = decodeUltraFace(outputs, { width: 400, height: 200 });
    expect(faces.map(({ box }) => box)).toEqual([{ x: 100, y: 100, width: 100, height: 100 }]);
  });
});

describe.each(['baseline', 'recommended'] satisfies ProfileName[])('detectFaces of %s', (profile) => {
  const isSkipped = profile === 'recommended' && !sharedDir;
  let detector: Detector;

  beforeAll(async () => {
    if (isSkipped) return;
    const { models } = await resolveProfile({ setting: profile, modelsDir: await prepareModels(profile) });
    const model = models.find((entry) => entry.task === 'detection');
    if (model?.task !== 'detection') throw new Error('the profile has no detector');
    detector = { model, session: await openOnnxSession(model.file) };
  }, 60_000);

  afterAll(() => detector?.session.close());

  it.skipIf(isSkipped)('finds one face where it is', async () => {
    const { picture } = await decodeImage(await oneFace());
    const faces = await detectFaces(detector, picture);
    expect(faces).toHaveLength(1);
    const box = faces[0]?.box;
    // Where both detectors and the eye agree; 20 % of the face's width as tolerance.
    expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - 195)).toBeLessThan(45);
    expect(Math.abs((box?.y ?? 0) + (box?.height ?? 0) / 2 - 305)).toBeLessThan(45);
  });

  it.skipIf(isSkipped)('finds two faces', async () => {
    const { picture } = await decodeImage(await twoFaces());
    expect(await detectFaces(detector, picture)).toHaveLength(2);
  });

  it.skipIf(isSkipped)('finds none in flat colour', async () => {
    const picture = { width: 320, height: 240, data: new Uint8Array(320 * 240 * 3).fill(120) };
    expect(await detectFaces(detector, picture)).toEqual([]);
  });

  it.skipIf(!sharedDir)('finds none in a photograph without people', async () => {
    const { picture } = await decodeImage(await readFile(`${sharedDir}/data/faces/background.jpg`));
    expect(await detectFaces(detector, picture)).toEqual([]);
  });
});
