/** How a picture looks from afar: a difference hash, so that a recording is known again after it was encoded anew. */
import type { Picture } from './decode-image.ts';
import { toLuma } from './luma.ts';
import { resampleToPlanes } from './resample.ts';

const COLUMNS = 9;
const ROWS = 8;

/** 8 bytes: whether each of 8 x 8 patches is brighter than its neighbour to the right. */
export function hashLook(picture: Picture): Uint8Array {
  const luma = toLuma(
    resampleToPlanes({
      picture,
      region: { x: 0, y: 0, width: picture.width, height: picture.height },
      size: { width: COLUMNS, height: ROWS },
      kernel: picture.width > COLUMNS ? 'area' : 'bilinear',
      format: { colour: 'rgb', mean: 0, std: 1 },
    }),
  );
  return Uint8Array.from({ length: ROWS }, (_, row) => {
    let bits = 0;
    for (let column = 0; column < COLUMNS - 1; column++) {
      const at = row * COLUMNS + column;
      bits = bits * 2 + ((luma[at] as number) > (luma[at + 1] as number) ? 1 : 0);
    }
    return bits;
  });
}
