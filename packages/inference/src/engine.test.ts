import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FrameAnalysis } from './analyse.ts';
import type { Engine } from './engine.ts';
import { oneFace, openTestEngine, sharedDir, twoFaces, withGlasses, withMask } from './internal/test-fixtures.ts';
import type { ProfileName } from './manifest.ts';

const EDITS: { name: string; edit: (face: Sharp) => Sharp | Promise<Sharp>; reason: string }[] = [
  { name: 'dark', edit: (face) => face.linear(0.17, 0), reason: 'TOO_DARK' },
  { name: 'bright', edit: (face) => face.linear(2.2, 40), reason: 'TOO_BRIGHT' },
  { name: 'blurred', edit: (face) => face.blur(8), reason: 'BLURRED' },
  {
    name: 'enlarged from a small picture',
    // 30 px of face; two pictures, because sharp resizes once a pipeline.
    edit: async (face) => sharp(await face.resize(56, 85).png().toBuffer()).resize(420, 640),
    reason: 'LOW_RESOLUTION',
  },
  {
    name: 'larger than the frame',
    edit: (face) => face.extract({ left: 70, top: 180, width: 250, height: 260 }),
    reason: 'FACE_TOO_LARGE',
  },
  { name: 'small', edit: (face) => face.resize(63, 96), reason: 'FACE_TOO_SMALL' },
  {
    name: 'half hidden at the side',
    edit: (face) => face.extract({ left: 180, top: 0, width: 240, height: 640 }),
    reason: 'FACE_CUT_OFF',
  },
  {
    name: 'half hidden below',
    edit: (face) => face.extract({ left: 0, top: 0, width: 420, height: 340 }),
    reason: 'FACE_CUT_OFF',
  },
];

describe.each(['baseline', 'recommended'] satisfies ProfileName[])('an engine of %s', (profile) => {
  const isSkipped = profile === 'recommended' && !sharedDir;
  let engine: Engine;

  beforeAll(async () => {
    if (!isSkipped) engine = await openTestEngine(profile);
  }, 60_000);

  afterAll(() => engine?.close());

  async function analyseEdited(edit: (typeof EDITS)[number]['edit']): Promise<FrameAnalysis> {
    const edited = await edit(sharp(await oneFace()));
    return engine.analyse(await edited.jpeg({ quality: 95 }).toBuffer());
  }

  it.skipIf(isSkipped)('scores one good face, with its box, measures and timings', async () => {
    const analysis = await engine.analyse(await oneFace());
    expect(analysis.reasons).toEqual([]);
    expect(analysis.score).toBeGreaterThan(0);
    expect(analysis.score).toBeLessThan(1);
    expect([analysis.width, analysis.height]).toEqual([420, 640]);
    expect(analysis.boundingBox?.left).toBeCloseTo(79 / 420, 0);
    expect(analysis.quality.sharpness).toBeGreaterThan(1.4);
    expect(Object.keys(analysis.timings)).toEqual(['decode', 'total', 'detect', 'refine', 'quality', 'score']);
  });

  it.skipIf(profile === 'baseline' || isSkipped)(
    'scores a face alike under a warm and a cold white balance',
    async () => {
      const inLight = async (gains: [number, number, number]) =>
        (await analyseEdited((face) => face.removeAlpha().linear(gains, [0, 0, 0]))).score as number;
      const [warm, cold] = [await inLight([1.05, 1, 0.88]), await inLight([0.88, 1, 1.05])];
      // 0.98 and 0.05 without the balance, 0.84 and 0.61 with it.
      expect(Math.abs(warm - cold)).toBeLessThan(0.4);
    },
  );

  it.skipIf(isSkipped)('scores the same bytes the same twice', async () => {
    const image = await oneFace();
    expect((await engine.analyse(image)).score).toBe((await engine.analyse(image)).score);
  });

  it.skipIf(isSkipped)('scores two frames handed in together as it scores each alone', async () => {
    const [one, other] = [
      await oneFace(),
      await sharp(await oneFace())
        .flop()
        .blur(0.8)
        .png()
        .toBuffer(),
    ];
    const alone = [(await engine.analyse(one)).score, (await engine.analyse(other)).score];
    const together = await Promise.all([engine.analyse(one), engine.analyse(other)]);
    expect(together.map(({ score }) => score)).toEqual(alone);
    expect(alone[0]).not.toBe(alone[1]);
  });

  it.skipIf(isSkipped).each(EDITS)('does not score a face $name: $reason', async ({ edit, reason }) => {
    const analysis = await analyseEdited(edit);
    expect(analysis.score).toBeNull();
    expect(analysis.reasons).toContain(reason);
    expect(analysis.boundingBox).not.toBeNull();
  });

  it.skipIf(isSkipped).each([
    { cover: 'black glasses', paint: () => withGlasses([20, 20, 20], 1) },
    { cover: 'brown glasses', paint: () => withGlasses([58, 42, 32], 1) },
    { cover: 'a green mask', paint: () => withMask([40, 140, 100]) },
    // Under UltraFace's box the landmarks are lost on it.
    ...(profile === 'recommended' ? [{ cover: 'a black mask', paint: () => withMask([28, 28, 32]) }] : []),
  ])('does not score a face behind $cover: FACE_COVERED', async ({ paint }) => {
    expect(await engine.analyse(await paint())).toMatchObject({ score: null, reasons: ['FACE_COVERED'] });
  });

  it.skipIf(isSkipped)('scores a face behind lightly tinted glasses', async () => {
    expect((await engine.analyse(await withGlasses([20, 20, 20], 0.3))).reasons).toEqual([]);
  });

  it.skipIf(isSkipped)('does not score two faces or none', async () => {
    expect(await engine.analyse(await twoFaces())).toMatchObject({
      score: null,
      reasons: ['MULTIPLE_FACES'],
      boundingBox: null,
    });
    const wall = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#776655' } })
      .png()
      .toBuffer();
    expect(await engine.analyse(wall)).toMatchObject({
      score: null,
      reasons: ['NO_FACE'],
      boundingBox: null,
      faces: [],
    });
  });

  it.skipIf(isSkipped).each([
    [1, 1],
    [1600, 1],
    [1, 900],
  ])('finds no face in a picture of %i x %i', async (width, height) => {
    const image = await sharp({ create: { width, height, channels: 3, background: '#776655' } })
      .png()
      .toBuffer();
    expect(await engine.analyse(image)).toMatchObject({ score: null, reasons: ['NO_FACE'], width, height });
  });

  it.skipIf(isSkipped)('rejects what is not an image', async () => {
    await expect(engine.analyse(Buffer.from('hello'))).rejects.toMatchObject({ code: 'unreadable_image' });
  });

  it.skipIf(!sharedDir)('does not score a head in profile, and says so', async () => {
    const turned = sharp(await readFile(`${sharedDir}/data/faces/cgi-multiangle-10.jpg`))
      .extract({ left: 590, top: 0, width: 300, height: 380 })
      .resize(600);
    expect(await engine.analyse(await turned.png().toBuffer())).toMatchObject({
      score: null,
      reasons: ['TURNED_AWAY'],
    });
  });

  it.skipIf(!sharedDir)('refuses known attacks at the default threshold', async () => {
    const attacks = ['minivision-image_F1', 'minivision-image_F2', 'vietmoney-fake_002', 'vietmoney-fake_003'];
    for (const name of [...attacks, ...(profile === 'recommended' ? ['vietmoney-fake_001'] : [])])
      expect(await scoreOf(name), name).toBeLessThan(0.6);
  });

  it.skipIf(!sharedDir)('accepts known live faces, and scores them above every known attack', async () => {
    // A red room: under baseline its one net, balanced, takes it for an attack (README, "What was measured").
    const redRoom = profile === 'recommended' ? ['minivision-image_T1'] : [];
    const live = [...redRoom, 'vietmoney-true_001', 'vietmoney-true_002'];
    const attacks = [
      'minivision-image_F1',
      'minivision-image_F2',
      ...['1', '2', '3'].map((n) => `vietmoney-fake_00${n}`),
    ];
    const lowestLive = Math.min(...(await Promise.all(live.map(scoreOf))));
    const highestAttack = Math.max(...(await Promise.all(attacks.map(scoreOf))));
    expect(lowestLive).toBeGreaterThan(0.6);
    expect(lowestLive).toBeGreaterThan(highestAttack);
  });

  async function scoreOf(name: string): Promise<number> {
    const { score } = await engine.analyse(await readFile(`${sharedDir}/data/faces/${name}.jpg`));
    return score as number;
  }
});
