import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';

/** A face in fractions of the picture that was looked at. */
export type FoundFace = { left: number; top: number; width: number; height: number };

// UltraFace's input. The picture fills a part of it only: large faces, as in a selfie, are found best there.
const INPUT = { width: 320, height: 240 };
const FILLED = 0.6;
const LEAST_CONFIDENCE = 0.75;
// Boxes that share more than this of their area are the same face.
const SAME_FACE = 0.3;

export type FaceDetector = {
  find(video: HTMLVideoElement): Promise<FoundFace[]>;
  /** Gives its memory back. */
  close(): Promise<void>;
};

/** Opens the detector at `modelUrl`; rejects where the browser has no WebAssembly or forbids it. */
export async function openDetector(modelUrl: string): Promise<FaceDetector> {
  // More threads need headers that would break the page for integrators, and crashed it in trials.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: wasmUrl };
  const session = await ort.InferenceSession.create(modelUrl, { executionProviders: ['wasm'] });
  const canvas = document.createElement('canvas');
  canvas.width = INPUT.width;
  canvas.height = INPUT.height;
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;

  return {
    find: async (video) => {
      const scale = FILLED * Math.min(INPUT.width / video.videoWidth, INPUT.height / video.videoHeight);
      const drawn = { width: video.videoWidth * scale, height: video.videoHeight * scale };
      context.drawImage(video, 0, 0, drawn.width, drawn.height);
      const { data } = context.getImageData(0, 0, INPUT.width, INPUT.height);
      const results = await session.run({ [session.inputNames[0] as string]: toPlanes(data) });
      return decode(results, { x: INPUT.width / drawn.width, y: INPUT.height / drawn.height });
    },
    close: () => session.release(),
  };
}

/** RGB planes, (value - 127) / 128, as the net was trained. */
function toPlanes(pixels: Uint8ClampedArray): ort.Tensor {
  const size = INPUT.width * INPUT.height;
  const planes = new Float32Array(size * 3);
  for (let at = 0; at < size; at++) {
    for (let channel = 0; channel < 3; channel++) {
      planes[channel * size + at] = ((pixels[at * 4 + channel] as number) - 127) / 128;
    }
  }
  return new ort.Tensor('float32', planes, [1, 3, INPUT.height, INPUT.width]);
}

function decode(results: ort.InferenceSession.ReturnType, zoom: { x: number; y: number }): FoundFace[] {
  const scores = results.scores?.data as Float32Array;
  const corners = results.boxes?.data as Float32Array;
  const found: (FoundFace & { confidence: number })[] = [];
  for (let prior = 0; prior * 2 < scores.length; prior++) {
    const confidence = scores[prior * 2 + 1] as number;
    if (confidence < LEAST_CONFIDENCE) continue;
    const [left, top, right, bottom] = Array.from(corners.subarray(prior * 4, prior * 4 + 4)) as [
      number,
      number,
      number,
      number,
    ];
    found.push({
      confidence,
      left: left * zoom.x,
      top: top * zoom.y,
      width: (right - left) * zoom.x,
      height: (bottom - top) * zoom.y,
    });
  }
  found.sort((a, b) => b.confidence - a.confidence);
  return found.filter((face, index) => found.slice(0, index).every((better) => overlap(better, face) < SAME_FACE));
}

function overlap(a: FoundFace, b: FoundFace): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}
