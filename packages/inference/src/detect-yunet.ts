/** YuNet: runs small first, larger or smaller only when that did not settle it. */
import type { Picture } from './decode-image.ts';
import type { DetectedFace, Detector } from './detector.ts';
import { areaOf, type Size } from './face-box.ts';
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

/** From models.md's quality gate: a face this certain needs no second look. */
const SETTLED_CONFIDENCE = 0.9;

/** Side of a face, in pixels of the pass, below which a finer pass gives a better box. */
const SETTLED_SIDE = 32;

/** Faces in pixels of the picture with a confidence of at least 0.6, the most confident first. */
export async function detectWithYunet(detector: Detector, picture: Picture): Promise<DetectedFace[]> {
  const found: DetectedFace[] = [];
  for (const longSide of PASSES) {
    const faces = await detectAt(longSide, detector, picture);
    if (faces.some((face) => isSettled(face, longSide / Math.max(picture.width, picture.height)))) return faces;
    found.push(...faces);
  }
  return suppressOverlaps(found);
}

function isSettled({ box, confidence }: DetectedFace, scale: number): boolean {
  return confidence >= SETTLED_CONFIDENCE && Math.sqrt(areaOf(box)) * scale >= SETTLED_SIDE;
}

async function detectAt(longSide: number, { model, session }: Detector, picture: Picture): Promise<DetectedFace[]> {
  const job = yunetJob(longSide, model, picture);
  const { size, canvas } = job;
  const outputs = await session.run(resampleToSharedPlanes(job), [1, 3, canvas.height, canvas.width]);
  const zoom = { x: picture.width / size.width, y: picture.height / size.height };
  const faces = decodeYunet(outputs, canvas).map(({ box, confidence }) => ({
    confidence,
    box: { x: box.x * zoom.x, y: box.y * zoom.y, width: box.width * zoom.x, height: box.height * zoom.y },
  }));
  return suppressOverlaps(faces);
}

/** What to resample for a pass with this long side: aspect kept, filled up with black to whole strides. */
export function yunetJob(longSide: number, model: DetectionModel, picture: Picture): Resampling & { canvas: Size } {
  const scale = longSide / Math.max(picture.width, picture.height);
  const size = { width: scaled(picture.width, scale), height: scaled(picture.height, scale) };
  return {
    picture,
    region: { x: 0, y: 0, width: picture.width, height: picture.height },
    size,
    kernel: scale < 1 ? 'area' : 'bilinear',
    format: model.input,
    canvas: { width: roundUp(size.width), height: roundUp(size.height) },
  };
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
