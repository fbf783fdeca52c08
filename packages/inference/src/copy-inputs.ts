/**
 * A model's input, kept while the run is on its way: onnxruntime takes it later than it is handed in, and planes are shared
 * by all frames of a process (see resample.ts). One frame at a time needs no copy; frames at once do.
 */
import type { OnnxSession } from './onnx-session.ts';

/** A session of the same model whose caller may overwrite the input at once. */
export function copyInputs(session: OnnxSession): OnnxSession {
  return { ...session, run: (input, shape) => session.run(input.slice(), shape) };
}
