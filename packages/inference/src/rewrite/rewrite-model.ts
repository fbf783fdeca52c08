/** Lossless rewriting of an ONNX model for onnxruntime's blocked convolution kernels on the CPU. */
import { freeBatch } from './free-batch.ts';
import { decodeModel, encodeModel } from './onnx-file.ts';
import { padChannels } from './pad-channels.ts';
import { replaceChannelPad } from './replace-channel-pad.ts';
import { replacePrelu } from './replace-prelu.ts';

/** The same function, faster, for any batch. Deterministic. Throws on what is not an ONNX model. */
export function rewriteModel(file: Uint8Array): Uint8Array {
  const graph = decodeModel(file);
  freeBatch(graph);
  replaceChannelPad(graph);
  replacePrelu(graph);
  padChannels(graph);
  return encodeModel(file, graph);
}
