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
  const left = await sharp(await cut(picture, TURNED))
    .flop()
    .toBuffer();
  return async (pose) => {
    const toTheLeft = await inBetween(ahead, left, Math.min(1, Math.abs(pose)));
    return pose < 0 ? sharp(toTheLeft).flop().jpeg({ quality: 92 }).toBuffer() : toTheLeft;
  };
}

/** The face in the middle, as high as a third of the frame; lossless, to be encoded once. */
function cut(picture: Buffer, face: typeof AHEAD): Promise<Buffer> {
  const height = Math.round(face.height * 2.1);
  const width = Math.round((height * FRAME.width) / FRAME.height);
  const left = Math.max(0, Math.round(face.x - width / 2));
  const top = Math.max(0, Math.round(face.y - height / 2));
  return sharp(picture).extract({ left, top, width, height }).resize(FRAME.width, FRAME.height).png().toBuffer();
}

/** How far the turned picture is turned from the one that looks ahead, and the ball that the head is taken for. */
const TURN_OF_THE_PICTURE = Math.PI / 9;
const HEAD = { x: FRAME.width / 2, y: FRAME.height / 2, halfWidth: 210, halfHeight: 280 };

/**
 * The nearer of the two pictures, its head turned on as a ball turns. Not a blend: the detector of attacks takes a double
 * exposure for what it is, and how many of them a test's frames catch is chance. `share` is from 0, ahead, to 1, turned.
 */
function inBetween(ahead: Buffer, turned: Buffer, share: number): Promise<Buffer> {
  const nearer = share < 0.5 ? ahead : turned;
  const angle = (share < 0.5 ? share : share - 1) * TURN_OF_THE_PICTURE;
  return resample(nearer, (x, y) => ({
    x: x - shiftOnBall((x - HEAD.x) / HEAD.halfWidth, (y - HEAD.y) / HEAD.halfHeight, angle),
    y,
  }));
}

/** How far a point of the ball moves to the right, in pixels; 0 at its edge, so that what is behind it stays. */
function shiftOnBall(across: number, down: number, angle: number): number {
  const depth = 1 - across * across - down * down;
  return depth <= 0 ? 0 : HEAD.halfWidth * Math.sin(angle) * depth;
}

/** A photo of the head, held and tilted by hand: at a pose of 1 its right edge is 60 degrees further away. */
export async function tiltedPhoto(head: TurningHead): Promise<TurningHead> {
  const photo = await head(0);
  return (pose) => tilt(photo, pose * FARTHEST_TILT);
}

const FARTHEST_TILT = Math.PI / 3;
// The camera stands one and a half widths of the picture away.
const DISTANCE = 1.5;

/** The picture as a plane that is turned about its upright middle, seen through a pinhole. */
function tilt(photo: Buffer, angle: number): Promise<Buffer> {
  const { width, height } = FRAME;
  const away = DISTANCE * width;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  return resample(photo, (column, row) => {
    const across = column - width / 2;
    const x = (across * away) / (away * cosine - across * sine);
    const y = ((row - height / 2) * (away + x * sine)) / away;
    return { x: x + width / 2, y: y + height / 2 };
  });
}

/** A JPEG in which every pixel shows what `from` names in the picture; grey where that is outside of it. */
async function resample(picture: Buffer, from: (x: number, y: number) => { x: number; y: number }): Promise<Buffer> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const seen = Buffer.alloc(data.length, 96);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      copyBlended({ data, width, height, ...from(column, row) }, seen, (row * width + column) * 3);
    }
  }
  return sharp(seen, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

type Spot = { data: Buffer; width: number; height: number; x: number; y: number };

/** Bilinear; outside of the picture nothing is written. */
function copyBlended({ data, width, height, x, y }: Spot, target: Buffer, at: number): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) return;
  const [right, down] = [x - left, y - top];
  for (let channel = 0; channel < 3; channel++) {
    const corner = (dx: number, dy: number) => data[((top + dy) * width + left + dx) * 3 + channel] as number;
    const above = corner(0, 0) * (1 - right) + corner(1, 0) * right;
    const below = corner(0, 1) * (1 - right) + corner(1, 1) * right;
    target[at + channel] = Math.round(above * (1 - down) + below * down);
  }
}
