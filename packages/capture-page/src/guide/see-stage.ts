import type { Sight } from '../guidance.ts';
import type { FoundFace } from './detect-faces.ts';

/** The stage shows the middle of the camera's picture, mirrored, in the proportions of 3 to 4 (style.css). */
const STAGE_ASPECT = 3 / 4;

type Size = { width: number; height: number };

/** From the camera's picture to the stage: positions as the person sees them. */
export function toStage(faces: readonly FoundFace[], camera: Size): Sight['faces'] {
  const shown = { width: Math.min(1, (STAGE_ASPECT * camera.height) / camera.width), height: 1 };
  if (shown.width === 1) shown.height = Math.min(1, camera.width / STAGE_ASPECT / camera.height);
  return faces.map((face) => ({
    x: 0.5 - (face.left + face.width / 2 - 0.5) / shown.width,
    y: 0.5 + (face.top + face.height / 2 - 0.5) / shown.height,
    width: face.width / shown.width,
    height: face.height / shown.height,
  }));
}

// Light is judged on a thumbnail: sixteen rows are enough.
const THUMBNAIL = { width: 22, height: 16 };

/** Mean luma of the face and of what is around it. */
export function measureLight(video: HTMLVideoElement, face: FoundFace | undefined): { face: number; around: number } {
  const canvas = document.createElement('canvas');
  canvas.width = THUMBNAIL.width;
  canvas.height = THUMBNAIL.height;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.drawImage(video, 0, 0, THUMBNAIL.width, THUMBNAIL.height);
  const { data } = context.getImageData(0, 0, THUMBNAIL.width, THUMBNAIL.height);
  const inside: number[] = [];
  const outside: number[] = [];
  for (let at = 0; at < THUMBNAIL.width * THUMBNAIL.height; at++) {
    const [red, green, blue] = [data[at * 4], data[at * 4 + 1], data[at * 4 + 2]] as [number, number, number];
    const x = ((at % THUMBNAIL.width) + 0.5) / THUMBNAIL.width;
    const y = (Math.floor(at / THUMBNAIL.width) + 0.5) / THUMBNAIL.height;
    const isFace = face && x > face.left && x < face.left + face.width && y > face.top && y < face.top + face.height;
    (isFace ? inside : outside).push(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return { face: mean(inside), around: mean(outside) };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 128 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
