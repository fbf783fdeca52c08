/** Pictures of one head at many angles, made from a picture of it that looks ahead and one that is turned. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { sharedFile } from './shared-files.ts';

/** -1 is turned to the person's right, 0 looks ahead, 1 is turned to the person's left; a JPEG as a camera sends it. */
export type TurningHead = (pose: number) => Promise<Buffer>;

/** Where the two faces are in the picture: the middle of the face and its height, in pixels. */
const PICTURE = 'cgi-multiangle-9.jpg';
const AHEAD = { x: 584, y: 151, height: 134 };
const TURNED = { x: 817, y: 150, height: 117 };
const FRAME = { width: 960, height: 720 };

/** The computer-made person of the shared pictures, or null, said loudly, where they are not at hand. */
export async function turningHead(): Promise<TurningHead | null> {
  const path = sharedFile('data', 'faces', PICTURE);
  if (!path) return null;
  const picture = await readFile(path);
  const ahead = await cut(picture, AHEAD);
  const right = await cut(picture, TURNED);
  const left = await sharp(right).flop().toBuffer();
  return (pose) => blend(ahead, pose < 0 ? right : left, Math.min(1, Math.abs(pose)));
}

/** The face in the middle, as high as a third of the frame; lossless, to be encoded once. */
function cut(picture: Buffer, face: typeof AHEAD): Promise<Buffer> {
  const height = Math.round(face.height * 2.1);
  const width = Math.round((height * FRAME.width) / FRAME.height);
  const left = Math.max(0, Math.round(face.x - width / 2));
  const top = Math.max(0, Math.round(face.y - height / 2));
  return sharp(picture).extract({ left, top, width, height }).resize(FRAME.width, FRAME.height).png().toBuffer();
}

async function blend(from: Buffer, to: Buffer, share: number): Promise<Buffer> {
  const layer = await sharp(to).ensureAlpha(share).png().toBuffer();
  return sharp(from).composite([{ input: layer }]).removeAlpha().jpeg({ quality: 92 }).toBuffer();
}
