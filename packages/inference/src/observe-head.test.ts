import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CHALLENGE_RULES } from '@livegate/domain/challenge';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { FACEMESH, facemeshFile, fetchFacemesh, readFacemesh } from './facemesh/facemesh-model.ts';
import { oneFace, openTestEngine, sharedDir } from './internal/test-fixtures.ts';
import { type HeadFrame, type HeadObserver, openHeadObserver } from './observe-head.ts';
import { hashFile } from './verify-file.ts';

const modelsDir = fileURLToPath(new URL('../../../.models', import.meta.url));
let observer: HeadObserver;
let engine: Engine;
beforeAll(async () => {
  await fetchFacemesh({ modelsDir, report: () => undefined });
  observer = await openHeadObserver({ modelsDir });
  engine = await openTestEngine('baseline');
}, 120_000);
afterAll(async () => {
  await observer.close();
  await engine.close();
});

/** The picture with the face that the engine finds in it. */
async function framed(image: Buffer): Promise<HeadFrame> {
  const { boundingBox } = await engine.analyse(image);
  if (!boundingBox) throw new Error('no face');
  return { image, face: boundingBox };
}

async function headsIn(frames: HeadFrame[], reference: HeadFrame) {
  return (await observer.observe(frames, reference)).map((observed) => observed?.head);
}

describe('the landmark model', () => {
  it('is what its package converts to, to the byte', async () => {
    expect(await hashFile(facemeshFile(modelsDir))).toBe(FACEMESH.sha256);
  });

  it('is refused when it is missing', async () => {
    await expect(readFacemesh('/nowhere')).rejects.toThrow(/models:fetch/);
  });
});

describe('observing a head', () => {
  it('turns the sign with the mirror, and sees the same head twice as flat', async () => {
    const face = await oneFace();
    const frame = await framed(face);
    const mirrored = await framed(await sharp(face).flop().png().toBuffer());
    const [plain, flopped] = await headsIn([frame, mirrored], frame);
    expect(plain?.solidity).toBeLessThan(0.001);
    expect(plain?.turn).toBeCloseTo(-(flopped?.turn ?? Number.NaN), 0);
    expect(await observer.observe([null], null)).toEqual([null]);
  });

  it('stays within the measures of a plane when a photo is made narrow, as tilting does', async () => {
    const face = await oneFace();
    const frame = await framed(face);
    const narrow = await framed(
      await sharp(face)
        .resize(Math.round(420 * 0.6), 640, { fit: 'fill' })
        .png()
        .toBuffer(),
    );
    const [straight, tilted] = await headsIn([frame, narrow], frame);
    expect(Math.abs((tilted?.turn ?? 9) - (straight?.turn ?? 0))).toBeLessThan(CHALLENGE_RULES.turned);
    expect(tilted?.solidity).toBeLessThan(CHALLENGE_RULES.leastSolidity);
    expect((tilted?.aspect ?? 9) / (straight?.aspect ?? 1)).toBeLessThan(CHALLENGE_RULES.leastAspect);
  });

  const picture = `${sharedDir}/data/faces/cgi-multiangle-9.jpg`;
  it.skipIf(!existsSync(picture))('sees a turned head as turned and solid, to the side it is turned to', async () => {
    const image = await readFile(picture);
    const cut = (left: number) =>
      sharp(image).extract({ left, top: 10, width: 375, height: 281 }).resize(960, 720).png().toBuffer();
    const ahead = await framed(await cut(396));
    const right = await framed(await cut(610));
    const left = await framed(await sharp(right.image).flop().png().toBuffer());
    const [still, toRight, toLeft] = await headsIn([ahead, right, left], ahead);
    const neutral = still?.turn ?? Number.NaN;
    expect((toRight?.turn ?? 9) - neutral).toBeLessThan(-CHALLENGE_RULES.turned);
    expect((toLeft?.turn ?? -9) - neutral).toBeGreaterThan(CHALLENGE_RULES.turned);
    for (const observation of [toRight, toLeft]) {
      expect(observation?.solidity).toBeGreaterThan(CHALLENGE_RULES.leastSolidity);
      expect((observation?.aspect ?? 0) / (still?.aspect ?? 9)).toBeGreaterThan(CHALLENGE_RULES.leastAspect);
    }
  });

  it('knows a picture again after it was encoded anew, and not another one', async () => {
    const frame = await framed(await oneFace());
    const again = await framed(await sharp(frame.image).resize(630).jpeg({ quality: 70 }).toBuffer());
    const other = await framed(await sharp(frame.image).flop().png().toBuffer());
    const [first, second, third] = await observer.observe([frame, again, other], frame);
    expect(second?.look).toEqual(first?.look);
    expect(third?.look).not.toEqual(first?.look);
  });
});
