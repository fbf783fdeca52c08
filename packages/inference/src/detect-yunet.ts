/** YuNet: runs small first, larger or smaller only when that did not settle it. */
import type { Picture } from './decode-image.ts';
import type { DetectedFace, Detector } from './detector.ts';
import { areaOf, type Box, type Size, sharedArea } from './face-box.ts';
import type { DetectionModel } from './manifest.ts';
import type { Outputs } from './onnx-session.ts';
import { type Resampling, resampleToSharedPlanes } from './resample.ts';
import { suppressOverlaps } from './suppress-overlaps.ts';

/** The nets' coarsest stride: both sides of the input must be a multiple of it. */
const COARSEST_STRIDE = 32;

/** Candidates below are mostly hands, patterns and blur (models.md). */
const MIN_CONFIDENCE = 0.6;

/**
 * Long sides of the input, the cheapest first: 0.3, 1 and 4 ms. On the development set 160 before 320 moved 5 % of the
 * decisions at 0.60, some each way, and at equal APCER the BPCER was the same or lower (README).
 */
const PASSES = [160, 320, 640];

/**
 * A face this certain needs no finer pass: 98 % of the development set's live faces at 160. Half of them have less than
 * 0.92, so that models.md's gate of 0.9 would send every fifth frame through a pass that costs four times as much.
 */
const SETTLED_CONFIDENCE = 0.8;

/** Side of a face, in pixels of the pass, below which a finer pass gives a better box. */
const SETTLED_SIDE = 32;

/** The second look: a square of so many longer sides of the face, seen at so many pixels. */
const SECOND_LOOK_SCALE = 2;
export const SECOND_LOOK_SIDE = 160;

/** Faces in pixels of the picture with a confidence of at least 0.6, the most confident first. */
export async function detectWithYunet(detector: Detector, picture: Picture): Promise<DetectedFace[]> {
  const found: DetectedFace[] = [];
  const whole = wholeOf(picture);
  for (const longSide of PASSES) {
    const faces = await detectAt({ longSide, region: whole }, detector, picture);
    if (faces.some((face) => isSettled(face, longSide / Math.max(picture.width, picture.height)))) return faces;
    found.push(...faces);
  }
  return suppressOverlaps(found);
}

function isSettled({ box, confidence }: DetectedFace, scale: number): boolean {
  return confidence >= SETTLED_CONFIDENCE && Math.sqrt(areaOf(box)) * scale >= SETTLED_SIDE;
}

/**
 * The face's box as a second look at its surroundings has it, always at the same size in pixels of the pass, whatever the
 * face's size in the picture. Null when that look finds no face there.
 */
export async function lookAgainWithYunet(detector: Detector, picture: Picture, face: Box): Promise<Box | null> {
  const faces = await detectAt({ longSide: SECOND_LOOK_SIDE, region: surroundingsOf(face) }, detector, picture);
  const [likest] = faces.map(({ box }) => box).sort((a, b) => sharedArea(b, face) - sharedArea(a, face));
  return likest && sharedArea(likest, face) > 0 ? likest : null;
}

/** The square about a face that the second look sees. */
export function surroundingsOf(face: Box): Box {
  const side = Math.max(1, Math.round(SECOND_LOOK_SCALE * Math.max(face.width, face.height)));
  const left = Math.round(face.x + (face.width - side) / 2);
  const top = Math.round(face.y + (face.height - side) / 2);
  return { x: left, y: top, width: side, height: side };
}

/** Part of the picture that a pass sees, and the length in pixels that its longer side has there. */
type Pass = { longSide: number; region: Box };

async function detectAt(pass: Pass, { model, session }: Detector, picture: Picture): Promise<DetectedFace[]> {
  const { region } = pass;
  const job = yunetJob(pass, model, picture);
  const { size, canvas } = job;
  const outputs = await session.run(resampleToSharedPlanes(job), [1, 3, canvas.height, canvas.width]);
  const zoom = { x: region.width / size.width, y: region.height / size.height };
  const faces = decodeYunet(outputs, canvas).map(({ box, confidence }) => ({
    confidence,
    box: {
      x: region.x + box.x * zoom.x,
      y: region.y + box.y * zoom.y,
      width: box.width * zoom.x,
      height: box.height * zoom.y,
    },
  }));
  return suppressOverlaps(faces);
}

/** What to resample for a pass: aspect kept, filled up with black to whole strides. */
export function yunetJob(
  { longSide, region }: Pass,
  model: DetectionModel,
  picture: Picture,
): Resampling & { canvas: Size } {
  const scale = longSide / Math.max(region.width, region.height);
  const size = { width: scaled(region.width, scale), height: scaled(region.height, scale) };
  return {
    picture,
    region,
    size,
    kernel: scale < 1 ? 'area' : 'bilinear',
    format: model.input,
    canvas: { width: roundUp(size.width), height: roundUp(size.height) },
  };
}

/** The region that is the whole picture. */
export function wholeOf({ width, height }: Size): Box {
  return { x: 0, y: 0, width, height };
}

function scaled(side: number, scale: number): number {
  return Math.max(1, Math.round(side * scale));
}

function roundUp(side: number): number {
  return Math.ceil(side / COARSEST_STRIDE) * COARSEST_STRIDE;
}

/** Candidates in pixels of the input: per cell of each stride a score `sqrt(cls * obj)` and a box relative to the cell. */
export function decodeYunet(outputs: Outputs, input: Size): DetectedFace[] {
  return [8, 16, 32].flatMap((stride) => decodeStride({ outputs, stride, columns: input.width / stride }));
}

function decodeStride(level: { outputs: Outputs; stride: number; columns: number }): DetectedFace[] {
  const { outputs, stride, columns } = level;
  const [cls, obj, bbox] = ['cls', 'obj', 'bbox'].map((name) => outputs[`${name}_${stride}`] as Float32Array) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const faces: DetectedFace[] = [];
  for (let cell = 0; cell < cls.length; cell++) {
    const confidence = Math.sqrt(clamp01(cls[cell] as number) * clamp01(obj[cell] as number));
    if (confidence < MIN_CONFIDENCE) continue;
    const [dx, dy, logWidth, logHeight] = bbox.subarray(cell * 4, cell * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const width = Math.exp(logWidth) * stride;
    const height = Math.exp(logHeight) * stride;
    const x = ((cell % columns) + dx) * stride - width / 2;
    const y = (Math.floor(cell / columns) + dy) * stride - height / 2;
    faces.push({ confidence, box: { x, y, width, height } });
  }
  return faces;
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
