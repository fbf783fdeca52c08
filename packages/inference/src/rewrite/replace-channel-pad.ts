/** Zero channels appended by a Pad become an identity convolution, which onnxruntime keeps in its fast layout. */
import { type Graph, type GraphNode, makePointwise } from './graph.ts';
import { inferChannels } from './infer-channels.ts';

/** Replaces each Pad that adds nothing but channels of zeros. */
export function replaceChannelPad(graph: Graph): void {
  const channels = inferChannels(graph);
  graph.nodes = graph.nodes.map((node) => {
    const added = addedChannels(graph, node);
    const count = channels.get(node.inputs[0] as string);
    if (!added || !count) return node;
    const [before, after] = added;
    const outputs = before + count + after;
    const data = new Float32Array(outputs * count);
    for (let channel = 0; channel < count; channel++) data[(before + channel) * count + channel] = 1;
    return makePointwise(graph, {
      input: node.inputs[0] as string,
      output: node.outputs[0] as string,
      weights: { kind: 'float', dims: [outputs, count, 1, 1], data },
    });
  });
}

/** Channels added before and after, or null when the node is not such a Pad. */
function addedChannels(graph: Graph, node: GraphNode): [number, number] | null {
  // A third input is the value to pad with, zero when absent; a mode other than constant is an attribute.
  if (node.operator !== 'Pad' || node.attributes.size > 0) return null;
  const value = node.inputs[2] ? graph.constants.get(node.inputs[2]) : undefined;
  if (node.inputs[2] && !(value?.kind === 'float' && value.data.every((item) => item === 0))) return null;
  const pads = graph.constants.get(node.inputs[1] ?? '');
  if (pads?.kind !== 'int64' || pads.data.length !== 8) return null;
  if (pads.data.some((pad, axis) => pad < 0 || (pad > 0 && axis % 4 !== 1))) return null;
  return [pads.data[1] as number, pads.data[5] as number];
}
