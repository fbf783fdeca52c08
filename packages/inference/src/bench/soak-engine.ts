/** Whether memory stays where it is over many frames. */
import type { Engine } from '../engine.ts';
import type { BenchImage } from './bench-images.ts';

/** Resident memory while frames go by. */
export type SoakResult = {
  frames: number;
  firstRssMb: number;
  lastRssMb: number;
  /** Least squares over the second half, when pools and compiled code have settled. */
  kilobytesPerThousandFrames: number;
};

const SAMPLES = 100;

type Sample = { frame: number; rssMb: number };

/** Analyses that many frames, the images in turn; `onTenth` hears of each tenth of them. */
export async function soakEngine(work: {
  engine: Engine;
  images: readonly BenchImage[];
  frames: number;
  onTenth?: (sample: Sample) => void;
}): Promise<SoakResult> {
  const { engine, images, frames, onTenth } = work;
  const samples: Sample[] = [];
  const every = Math.max(1, Math.floor(frames / SAMPLES));
  for (let frame = 0; frame < frames; frame++) {
    await engine.analyse((images[frame % images.length] as BenchImage).bytes);
    if (frame % every !== 0) continue;
    const sample = { frame, rssMb: process.memoryUsage.rss() / 1_048_576 };
    samples.push(sample);
    if (samples.length % (SAMPLES / 10) === 0) onTenth?.(sample);
  }
  const settled = samples.slice(samples.length >> 1);
  return {
    frames,
    firstRssMb: samples[0]?.rssMb ?? 0,
    lastRssMb: samples.at(-1)?.rssMb ?? 0,
    kilobytesPerThousandFrames: slope(settled.map(({ frame, rssMb }) => ({ x: frame / 1000, y: rssMb * 1024 }))),
  };
}

/** Of the line with the least squares, 0 for fewer than two points. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const centre = { x: mean(({ x }) => x), y: mean(({ y }) => y) };
  const spread = mean(({ x }) => (x - centre.x) ** 2);
  return spread > 0 ? mean(({ x, y }) => (x - centre.x) * (y - centre.y)) / spread : 0;
}
