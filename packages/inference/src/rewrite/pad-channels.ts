/** Channels padded with zero weights to what a vector register holds: onnxruntime's fast layout takes whole blocks only. */
import {
  type Constant,
  floatInput,
  type Graph,
  type GraphNode,
  integerAttribute,
  integerOf,
  isDepthwise,
  nameOfValue,
} from './graph.ts';
import { CHANNEL_KEEPING, inferChannels, isSum } from './infer-channels.ts';

/** Floats in an AVX-512 register; a multiple of AVX2's and NEON's as well. */
const BLOCK = 16;

/** Below it most of the padded work would be for nothing; these nets' narrowest layers but the first have 13 channels. */
const FEWEST = 5;

/** Pads every tensor that only meets convolutions and operators that keep channels apart. */
export function padChannels(graph: Graph): void {
  const channels = inferChannels(graph);
  const groups = groupTensors(graph, channels);
  const padded = (tensor: string): number | undefined => {
    const count = channels.get(tensor);
    if (count === undefined || count < FEWEST || groups.isFixed(tensor)) return count;
    return Math.ceil(count / BLOCK) * BLOCK;
  };
  for (const node of graph.nodes) if (node.operator === 'Conv') padConvolution(graph, node, padded);
}

function padConvolution(graph: Graph, node: GraphNode, padded: (tensor: string) => number | undefined): void {
  const weights = floatInput(graph, node, 1);
  if (!weights) return;
  const [outputs = 0, perGroup = 0] = weights.dims;
  const newOutputs = padded(node.outputs[0] as string) ?? outputs;
  const isOwn = isDepthwise(graph, node);
  const newInputs = isOwn ? 1 : (padded(node.inputs[0] as string) ?? perGroup);
  if (newOutputs === outputs && newInputs === perGroup) return;
  node.inputs = [...node.inputs];
  node.inputs[1] = store(graph, node, padWeights(weights, newOutputs, newInputs));
  const bias = floatInput(graph, node, 2);
  if (bias) {
    const data = new Float32Array(newOutputs);
    data.set(bias.data);
    node.inputs[2] = store(graph, node, { kind: 'float', dims: [newOutputs], data });
  }
  if (isOwn) node.attributes.set('group', integerAttribute('group', newOutputs));
}

function store(graph: Graph, node: GraphNode, constant: Constant & { kind: 'float' }): string {
  const name = `${node.outputs[0]}_${constant.dims.length === 1 ? 'bias' : 'weights'}_padded`;
  graph.constants.set(name, constant);
  return name;
}

function padWeights({ dims, data }: Constant & { kind: 'float' }, outputs: number, inputs: number) {
  const [oldOutputs = 0, oldInputs = 0, ...kernel] = dims;
  const taps = kernel.reduce((product, length) => product * length, 1);
  const larger = new Float32Array(outputs * inputs * taps);
  for (let output = 0; output < oldOutputs; output++) {
    const row = data.subarray(output * oldInputs * taps, (output + 1) * oldInputs * taps);
    larger.set(row, output * inputs * taps);
  }
  return { kind: 'float' as const, dims: [outputs, inputs, ...kernel], data: larger };
}

/** Tensors that must keep the same number of channels as each other, and whether one of them cannot be padded. */
function groupTensors(graph: Graph, channels: ReadonlyMap<string, number>) {
  const parents = new Map<string, string>();
  const rootOf = (tensor: string): string => {
    const parent = parents.get(tensor);
    return parent === undefined ? tensor : rootOf(parent);
  };
  const join = (a: string, b: string) => {
    if (rootOf(a) !== rootOf(b)) parents.set(rootOf(a), rootOf(b));
  };
  const fixed: string[] = [...graph.inputs, ...graph.outputs].map(nameOfValue);
  for (const node of graph.nodes) {
    const [output] = node.outputs as [string];
    const [input] = node.inputs as [string];
    const isKnown = channels.has(output);
    if (isKnown && (isDepthwise(graph, node) || CHANNEL_KEEPING.has(node.operator))) join(input, output);
    else if (isKnown && isSum(node.operator)) for (const term of node.inputs) join(term, output);
    else if (!isKnown || node.operator !== 'Conv' || isGrouped(graph, node))
      fixed.push(...node.inputs, ...node.outputs);
    // The slopes of a PRelu would have to grow with its input.
    if (node.operator === 'PRelu') fixed.push(output);
  }
  const fixedRoots = new Set(fixed.map(rootOf));
  return { isFixed: (tensor: string) => fixedRoots.has(rootOf(tensor)) };
}

/** A convolution in groups that is not depthwise: its channels are tied to their places. */
function isGrouped(graph: Graph, node: GraphNode): boolean {
  return integerOf(node, 'group', 1) > 1 && !isDepthwise(graph, node);
}
