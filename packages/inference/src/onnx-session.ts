/** One ONNX model, opened for one thread: services scale by processes, and a second thread doubles the CPU per frame. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Provider } from './provider.ts';

/** Outputs by name, flattened. */
export type Outputs = Record<string, Float32Array>;

export type OnnxSession = {
  /** Runs the model's single input of the given shape (batch, channels, height, width). */
  run(input: Float32Array, shape: readonly number[]): Promise<Outputs>;
  close(): Promise<void>;
};

/** Nodes that a provider has no kernel for run on the next. That the first is there at all, probeProvider makes sure. */
const BEHIND: Record<Provider, Provider[]> = {
  cpu: ['cpu'],
  cuda: ['cuda', 'cpu'],
  tensorrt: ['tensorrt', 'cuda', 'cpu'],
};

/** Opens a model from its file or its bytes. Rejects when onnxruntime cannot read it. */
export async function openOnnxSession(
  model: string | Uint8Array,
  { provider = 'cpu' }: { provider?: Provider } = {},
): Promise<OnnxSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: BEHIND[provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // The planned memory of each run is spread wider than the pool's own reuse: with the profile's models run in turn, as
    // they are, caches missed so often that a frame's nets took 8.3 instead of 7.3 ms.
    enableMemPattern: false,
    // Only errors: the exporters of these files left warnings about unused initialisers.
    logSeverityLevel: 3,
  };
  // Two calls because the library declares two signatures.
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options);
  const inputName = session.inputNames[0] as string;
  return {
    async run(input, shape) {
      const results = await session.run({ [inputName]: new Tensor('float32', input, shape) });
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
    },
    close: () => session.release(),
  };
}
