/** Brightness as every measurement in this package takes it. */

/** Rec. 601 luma of red, green and blue planes, as the measurements that the recipes rest on. */
export function toLuma(planes: Float32Array): Float32Array {
  const pixels = planes.length / 3;
  const luma = new Float32Array(pixels);
  for (let at = 0; at < pixels; at++) {
    luma[at] =
      0.299 * (planes[at] as number) +
      0.587 * (planes[pixels + at] as number) +
      0.114 * (planes[2 * pixels + at] as number);
  }
  return luma;
}
