/** The frames that a bench runs on. */
import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { findImages } from '../find-images.ts';
import { loadSample } from '../sample-faces.ts';

/** A frame's name and its bytes. */
export type BenchImage = { name: string; bytes: Uint8Array };

/** What a phone or a webcam sends: 640x480 JPEG. */
const FRAME = { width: 640, height: 480 };

/** Where the single face is in sample6.jpg. */
const CUT = { left: 1400, top: 110, width: 420, height: 640 };

/** Faces of about 60, 45 and 30 % of the frame's height, which is what people do in front of a camera. */
const DISTANCES = [
  { name: 'near', height: 480 },
  { name: 'usual', height: 400 },
  { name: 'far', height: 320 },
] as const;

/** Of a folder so many are taken, evenly spread: a round runs each several times. */
const MOST_IMAGES = 48;

/** Images of a folder as they are, or else frames made from the pinned sample face. */
export async function loadBenchImages(source: {
  folder?: string;
  from: string;
  samplesDir: string;
}): Promise<BenchImage[]> {
  if (source.folder === undefined) return makeFrames(await loadSample('sample6.jpg', source.samplesDir));
  const found = await findImages([source.folder], source.from);
  const step = Math.max(1, found.length / MOST_IMAGES);
  const spread = Array.from({ length: Math.min(found.length, MOST_IMAGES) }, (_, at) => found[Math.floor(at * step)]);
  return Promise.all(
    spread
      .flatMap((image) => (image ? [image] : []))
      .map(async ({ name, path }) => ({ name, bytes: await readFile(path) })),
  );
}

/**
 * The face as it is at three distances, as a print with a white border, on a phone with a black one, and out of focus: what
 * the cascade is to tell apart. On a background of the picture's own colours, JPEG at a camera's quality.
 */
async function makeFrames(sheet: Uint8Array): Promise<BenchImage[]> {
  const cut = await sharp(sheet).extract(CUT).png().toBuffer();
  const background = await sharp(cut).resize(FRAME.width, FRAME.height, { fit: 'cover' }).blur(40).png().toBuffer();
  const place = async (name: string, picture: Sharp, gravity: 'south' | 'centre'): Promise<BenchImage> => {
    const input = await picture.png().toBuffer();
    const frame = sharp(background).composite([{ input, gravity }]);
    return { name, bytes: await frame.jpeg({ quality: 85 }).toBuffer() };
  };
  const held = () => sharp(cut).resize({ height: 312 });
  const border = (colour: string) => ({ top: 24, bottom: 24, left: 24, right: 24, background: colour });
  return Promise.all([
    ...DISTANCES.map(({ name, height }) => place(name, sharp(cut).resize({ height }), 'south')),
    place('print', held().modulate({ saturation: 0.6 }).linear(0.8, 40).extend(border('#f4f4f0')), 'centre'),
    place('phone', held().extend(border('#0a0a0c')), 'centre'),
    place('blurred', sharp(cut).resize({ height: 400 }).blur(6), 'south'),
  ]);
}
