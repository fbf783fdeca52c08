/**
 * How a head stands in a frame, and whether it moved like a head or like a photo. Landmarks live for one call: what
 * leaves this file are three numbers per frame, from which no face can be told.
 */
import type { HeadObservation } from '@livegate/domain/challenge';
import type { BoundingBox } from '@livegate/domain/verdict';
import { decodeImage, type Picture } from './decode-image.ts';
import { FACEMESH, FACEMESH_OUTPUTS, readFacemesh } from './facemesh/facemesh-model.ts';
import { homographyResidual, type Points } from './homography.ts';
import { hashLook } from './look-hash.ts';
import { openOnnxSession } from './onnx-session.ts';
import { resampleToPlanes } from './resample.ts';
import { takeTurn } from './take-turn.ts';

/** One frame and the face in it, in fractions of the frame. */
export type HeadFrame = { image: Uint8Array; face: BoundingBox };

/** What was seen: the head, and how the whole picture looks from afar (see hashLook). */
export type Observed = { head: HeadObservation | null; look: Uint8Array };

export type HeadObserver = {
  /** Observes each frame; solidity is measured against `reference`, a frontal view of the same capture, or null without. */
  observe(frames: readonly (HeadFrame | null)[], reference: HeadFrame | null): Promise<(Observed | null)[]>;
  close(): Promise<void>;
};

/** Opens the landmark model. Rejects when its file is missing or not the pinned one. */
export async function openHeadObserver({ modelsDir }: { modelsDir: string }): Promise<HeadObserver> {
  const session = await openOnnxSession(await readFacemesh(modelsDir));

  async function locate(picture: Picture, frame: HeadFrame): Promise<Points | null> {
    const region = regionAround(frame.face, picture);
    const size = { width: FACEMESH.side, height: FACEMESH.side };
    const kernel = region.width > FACEMESH.side ? 'area' : 'bilinear';
    const planes = resampleToPlanes({ picture, region, size, kernel, format: { colour: 'rgb', mean: 0, std: 255 } });
    const outputs = await session.run(planes, [1, 3, FACEMESH.side, FACEMESH.side]);
    const [flag = 0] = outputs[FACEMESH_OUTPUTS.faceFlag] ?? [];
    return flag < LEAST_FACE_FLAG ? null : toPoints(outputs[FACEMESH_OUTPUTS.mesh] as Float32Array);
  }

  async function observeFrame(frame: HeadFrame, base: Points | null): Promise<Observed> {
    const { picture } = await decodeImage(frame.image);
    const points = await locate(picture, frame);
    return { head: points && describe(points, base), look: hashLook(picture) };
  }

  return {
    observe: (frames, reference) =>
      takeTurn(async () => {
        const base = reference && (await locate((await decodeImage(reference.image)).picture, reference));
        const observed: (Observed | null)[] = [];
        for (const frame of frames) observed.push(frame && (await observeFrame(frame, base)));
        return observed;
      }),
    close: () => session.close(),
  };
}

/** The net's own certainty that it looks at a face; 1.000 on every face of the test pictures seen from the front. */
const LEAST_FACE_FLAG = 0.5;

/** As the net was made for: a square with a quarter of margin, lower than the detector's box (models.md). */
const MARGIN = 1.2;
const LOWERED_BY = 0.08;

function regionAround(face: BoundingBox, picture: Picture) {
  const box = { width: face.width * picture.width, height: face.height * picture.height };
  const side = Math.max(1, Math.round(MARGIN * Math.max(box.width, box.height)));
  const x = face.left * picture.width + box.width / 2 - side / 2;
  const y = face.top * picture.height + box.height / 2 - side / 2 + LOWERED_BY * side;
  return { x: Math.round(x), y: Math.round(y), width: side, height: side };
}

function toPoints(mesh: Float32Array): Points {
  return Array.from({ length: FACEMESH.points }, (_, index) => [mesh[index * 3], mesh[index * 3 + 1]] as Point);
}
type Point = [number, number];

/** Points of the mesh: the tip of the nose and the outline beside each ear. */
const NOSE_TIP = 1;
const PICTURE_LEFT_EAR = 234;
const PICTURE_RIGHT_EAR = 454;

// Every third point says the same as all of them.
const STRIDE = 3;

function describe(points: Points, base: Points | null): HeadObservation {
  const [left, nose, right] = [PICTURE_LEFT_EAR, NOSE_TIP, PICTURE_RIGHT_EAR].map(
    (index) => points[index]?.[0] ?? 0,
  ) as [number, number, number];
  const width = Math.max(1, right - left);
  return {
    turn: (2 * nose - left - right) / width,
    aspect: extent(points, 0) / Math.max(1, extent(points, 1)),
    solidity: base && homographyResidual(sparse(base), sparse(points)),
  };
}

function sparse(points: Points): Points {
  return points.filter((_, index) => index % STRIDE === 0);
}

function extent(points: Points, axis: 0 | 1): number {
  const values = points.map((point) => point[axis]);
  return Math.max(...values) - Math.min(...values);
}
