/** The frames that a bench runs on. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { findImages } from '../find-images.ts';
import { loadSample } from '../sample-faces.ts';

/** A frame's name and its bytes. */
export type BenchImage = { name: string; bytes: Uint8Array };

/** What a phone or a webcam sends: 640x480 JPEG. */
const FRAME = { width: 640, height: 480 };

/**
 * Where single faces are in sample6.jpg, and how large they become: about 60, 45 and 30 % of the frame's height, which
 * is what people do in front of a camera.
 */
const CUTS = [
  { name: 'near', left: 1400, top: 110, width: 420, height: 640, scaled: 480 },
  { name: 'usual', left: 1400, top: 110, width: 420, height: 640, scaled: 400 },
  { name: 'far', left: 1400, top: 110, width: 420, height: 640, scaled: 320 },
] as const;

/** All images of a folder as they are, or else frames made from the pinned sample faces. */
export async function loadBenchImages(source: {
  folder?: string;
  from: string;
  samplesDir: string;
}): Promise<BenchImage[]> {
  if (source.folder === undefined) return makeFrames(await loadSample('sample6.jpg', source.samplesDir));
  const found = await findImages([source.folder], source.from);
  return Promise.all(found.map(async ({ name, path }) => ({ name, bytes: await readFile(path) })));
}

/** A face on a plain background of the picture's own mean colour, by bilinear scaling and JPEG at a camera's quality. */
async function makeFrames(sheet: Uint8Array): Promise<BenchImage[]> {
  return Promise.all(
    CUTS.map(async ({ name, scaled, ...region }) => {
      const face = await sharp(sheet).extract(region).resize({ height: scaled }).toBuffer();
      const blurred = await sharp(face).resize(FRAME.width, FRAME.height, { fit: 'cover' }).blur(40).toBuffer();
      const frame = sharp(blurred).composite([{ input: face, gravity: 'south' }]);
      return { name, bytes: await frame.jpeg({ quality: 85 }).toBuffer() };
    }),
  );
}
