/** One ONNX model, opened for one thread: services scale by processes, and a second thread doubles the CPU per frame. */
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Outputs by name, flattened. */
export type Outputs = Record<string, Float32Array>;

export type OnnxSession = {
  /** Runs the model's single input of the given shape (batch, channels, height, width). */
  run(input: Float32Array, shape: readonly number[]): Promise<Outputs>;
  close(): Promise<void>;
};

/** Opens a model file. Rejects when onnxruntime cannot read it. */
export async function openOnnxSession(file: string): Promise<OnnxSession> {
  const session = await InferenceSession.create(file, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Only errors: the exporters of these files left warnings about unused initialisers.
    logSeverityLevel: 3,
  });
  const inputName = session.inputNames[0] as string;
  return {
    async run(input, shape) {
      const results = await session.run({ [inputName]: new Tensor('float32', input, shape) });
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
    },
    close: () => session.release(),
  };
}
