/** Pictures for the tests: a genuine face that every machine can have, and what real attacks are at hand. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSample } from '@livegate/inference/sample-faces';
import sharp from 'sharp';
import { repositoryRoot, sharedFile } from './shared-files.ts';

/** A 960x720 JPEG of one genuine face, cut from a group picture of a pinned npm package. */
export async function genuineFace(): Promise<Buffer> {
  const picture = await loadSample('sample1.jpg', join(repositoryRoot, '.models', 'samples'));
  return sharp(picture)
    .extract({ left: 128, top: 196, width: 753, height: 565 })
    .resize(960, 720)
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** A JPEG without any face. */
export function emptyRoom(): Promise<Buffer> {
  return sharp({ create: { width: 640, height: 480, channels: 3, background: '#8a7f70' } })
    .jpeg()
    .toBuffer();
}

/** A real presentation attack as a JPEG, or null, said loudly, where the shared faces are not at hand. */
export async function attackFace(
  name: 'minivision-image_F1' | 'minivision-image_F2' | 'vietmoney-fake_003',
): Promise<Buffer | null> {
  const path = sharedFile('data', 'faces', `${name}.jpg`);
  return path ? asFrame(await readFile(path)) : null;
}

/** As a camera would send it: at most 1280 pixels long, orientation applied, without metadata. */
async function asFrame(picture: Buffer): Promise<Buffer> {
  return sharp(picture)
    .rotate()
    .resize(1280, 1280, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** A JPEG of two people side by side, of like size. */
export async function twoPeople(): Promise<Buffer> {
  const picture = await loadSample('sample6.jpg', join(repositoryRoot, '.models', 'samples'));
  return sharp(picture)
    .extract({ left: 1080, top: 110, width: 740, height: 555 })
    .resize(960, 720)
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** The genuine face in the dark, where its mean luma is far below what can be scored. */
export async function darkFace(): Promise<Buffer> {
  return sharp(await genuineFace())
    .linear(0.12, 0)
    .jpeg({ quality: 92 })
    .toBuffer();
}
