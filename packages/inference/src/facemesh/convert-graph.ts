/**
 * A TensorFlow.js graph model as an ONNX file, for the operators that facemesh is made of; any other is refused.
 * TensorFlow keeps channels last, ONNX first: every value is kept channels first from the input on, and only weights are
 * laid out anew. At the outputs height and width are 1, where both layouts are the same.
 */
import { z } from 'zod';
import {
  addConstant,
  type Graph,
  type GraphNode,
  integerAttribute,
  integersAttribute,
  makeNode,
} from '../rewrite/graph.ts';
import { encodeNewModel } from '../rewrite/onnx-file.ts';
import { readWeights, type Weights, weightsManifest } from './read-weights.ts';

const integers = z.object({ list: z.object({ i: z.array(z.coerce.number()) }) });
const text = z.object({ s: z.string().transform(decodeText) });
const operation = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z
    .object({
      strides: integers.optional(),
      ksize: integers.optional(),
      padding: text.optional(),
      fused_ops: z.object({ list: z.object({ s: z.array(z.string().transform(decodeText)).optional() }) }).optional(),
    })
    .default({}),
});
type Operation = z.infer<typeof operation>;

const modelSchema = z.object({
  modelTopology: z.object({ node: z.array(operation) }),
  weightsManifest,
});

/** Names of the outputs to keep, each with the number of its values. */
export type WantedOutputs = Readonly<Record<string, number>>;

type Value = { name: string; channels: number; height: number; width: number };
type Work = {
  operations: Map<string, Operation>;
  weights: Map<string, Weights>;
  graph: Graph;
  done: Map<string, Value>;
};

/** Converts a model with one square RGB input of `side` pixels. The ONNX input is `input`, [N,3,side,side]. */
export function convertGraphModel(source: {
  json: string;
  weights: Uint8Array;
  side: number;
  outputs: WantedOutputs;
}): Uint8Array {
  const model = modelSchema.parse(JSON.parse(source.json));
  const work: Work = {
    operations: new Map(model.modelTopology.node.map((node) => [node.name, node])),
    weights: readWeights(model.weightsManifest, source.weights),
    graph: { nodes: [], constants: new Map(), inputs: [], outputs: [] },
    done: new Map(),
  };
  const placeholder = model.modelTopology.node.find((node) => node.op === 'Placeholder');
  if (!placeholder) throw new Error('The model has no input.');
  work.done.set(placeholder.name, { name: 'input', channels: 3, height: source.side, width: source.side });
  const outputs = Object.entries(source.outputs).map(([name, length]) => {
    const value = resolveValue(work, name);
    if (value.channels * value.height * value.width !== length) throw new Error(`${name} has not ${length} values.`);
    work.graph.nodes.push(makeNode('Flatten', [value.name], name));
    return { name, dims: ['N', length] };
  });
  return encodeNewModel(work.graph, {
    inputs: [{ name: 'input', dims: ['N', 3, source.side, source.side] }],
    outputs,
  });
}

function resolveValue(work: Work, reference: string): Value {
  const name = reference.replace(/:0$/, '');
  const known = work.done.get(name);
  if (known) return known;
  const node = work.operations.get(name);
  if (!node) throw new Error(`The graph has no ${name}.`);
  const value = build(work, node);
  work.done.set(name, value);
  return value;
}

function build(work: Work, node: Operation): Value {
  const input = resolveValue(work, node.input[0] as string);
  switch (node.op) {
    case 'Identity':
      return input;
    case 'Reshape':
      // Flattening: allowed only where no layout can matter.
      if (input.height * input.width !== 1) throw new Error(`${node.name} would flatten a picture.`);
      return input;
    case '_FusedConv2D':
    case 'DepthwiseConv2dNative':
      return convolve(work, node, input);
    case 'MaxPool':
      return pool(work, node, input);
    case 'Pad':
      return padChannels(work, node, input);
    case 'AddV2':
      return emit(work, makeNode('Add', [input.name, operand(work, node.input[1] as string)], node.name), input);
    case 'Prelu':
      return emit(work, makeNode('PRelu', [input.name, slopes(work, node.input[1] as string)], node.name), input);
    case 'Sigmoid':
      return emit(work, makeNode('Sigmoid', [input.name], node.name), input);
    default:
      throw new Error(`The operator ${node.op} of ${node.name} is not known.`);
  }
}

function emit(work: Work, node: GraphNode, shape: Omit<Value, 'name'>): Value {
  work.graph.nodes.push(node);
  return { ...shape, name: node.outputs[0] as string };
}

function convolve(work: Work, node: Operation, input: Value): Value {
  const { shape, data } = constantOf(work, node.input[1] as string);
  const [rows, columns, inner, outer] = shape as [number, number, number, number];
  const isDepthwise = node.op === 'DepthwiseConv2dNative';
  const channels = isDepthwise ? inner * outer : outer;
  const kernel = isDepthwise
    ? { dims: [channels, 1, rows, columns], data: permute(data, shape, [2, 3, 0, 1]) }
    : { dims: [outer, inner, rows, columns], data: permute(data, shape, [3, 2, 0, 1]) };
  const fused = node.attr.fused_ops?.list.s ?? [];
  const inputs = [input.name, addConstant(work.graph, { kind: 'float', ...kernel })];
  if (fused.includes('BiasAdd')) inputs.push(operand(work, node.input[2] as string));
  const placing = place(node, input, [rows, columns]);
  const hasPrelu = fused.includes('Prelu');
  const conv = makeNode('Conv', inputs, hasPrelu ? `${node.name}/linear` : node.name);
  setIntegers(conv, { kernel_shape: [rows, columns], strides: placing.strides, pads: placing.pads });
  if (isDepthwise) conv.attributes.set('group', integerAttribute('group', inner));
  const convolved = emit(work, conv, { channels, height: placing.height, width: placing.width });
  if (!hasPrelu) return convolved;
  return emit(work, makeNode('PRelu', [convolved.name, slopes(work, node.input[3] as string)], node.name), convolved);
}

function pool(work: Work, node: Operation, input: Value): Value {
  const kernel = sides(node.attr.ksize);
  const { strides, pads, height, width } = place(node, input, kernel);
  const max = makeNode('MaxPool', [input.name], node.name);
  setIntegers(max, { kernel_shape: kernel, strides, pads });
  return emit(work, max, { channels: input.channels, height, width });
}

/** Zeros for channels that a residual connection lacks; TensorFlow lists begin and end for batch, rows, columns, channels. */
function padChannels(work: Work, node: Operation, input: Value): Value {
  const { data } = constantOf(work, node.input[1] as string);
  if (data.slice(0, 7).some((count) => count !== 0)) throw new Error(`${node.name} pads more than channels.`);
  const added = data[7] as number;
  const pads = addConstant(work.graph, { kind: 'int64', dims: [8], data: [0, 0, 0, 0, 0, added, 0, 0] });
  return emit(work, makeNode('Pad', [input.name, pads], node.name), { ...input, channels: input.channels + added });
}

/** Output size and padding; with SAME an odd pixel of padding goes to the end. */
function place(node: Operation, input: Value, kernel: readonly [number, number]) {
  const strides = sides(node.attr.strides);
  const isSame = node.attr.padding?.s === 'SAME';
  const [vertical, horizontal] = [input.height, input.width].map((length, axis) => {
    const stride = strides[axis] as number;
    const side = kernel[axis] as number;
    const output = isSame ? Math.ceil(length / stride) : Math.floor((length - side) / stride) + 1;
    const padding = isSame ? Math.max((output - 1) * stride + side - length, 0) : 0;
    return { output, before: padding >> 1, after: padding - (padding >> 1) };
  }) as [Side, Side];
  return {
    strides,
    pads: [vertical.before, horizontal.before, vertical.after, horizontal.after],
    height: vertical.output,
    width: horizontal.output,
  };
}
type Side = { output: number; before: number; after: number };

function sides(attribute: { list: { i: number[] } } | undefined): [number, number] {
  const [, rows = 1, columns = 1] = attribute?.list.i ?? [];
  return [rows, columns];
}

function setIntegers(node: GraphNode, attributes: Record<string, readonly number[]>): void {
  for (const [name, values] of Object.entries(attributes)) node.attributes.set(name, integersAttribute(name, values));
}

/** A computed value, or a constant with one entry per channel. */
function operand(work: Work, reference: string): string {
  const constant = findConstant(work, reference);
  if (!constant) return resolveValue(work, reference).name;
  return addConstant(work.graph, { kind: 'float', dims: [constant.data.length], data: constant.data });
}

function slopes(work: Work, reference: string): string {
  const { data } = constantOf(work, reference);
  return addConstant(work.graph, { kind: 'float', dims: [data.length, 1, 1], data });
}

function constantOf(work: Work, reference: string): Weights {
  const constant = findConstant(work, reference);
  if (!constant) throw new Error(`${reference} is not a constant.`);
  return constant;
}

function findConstant(work: Work, reference: string): Weights | undefined {
  return work.weights.get(reference.replace(/:0$/, ''));
}

/** The same numbers with the axes in another order. */
function permute(data: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const result = new Float32Array(data.length);
  const target = order.map((axis) => ({ side: shape[axis] as number, step: steps[axis] as number }));
  const position = target.map(() => 0);
  for (let at = 0; at < data.length; at++) {
    result[at] = data[position.reduce((sum, index, axis) => sum + index * (target[axis]?.step ?? 0), 0)] as number;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      const next = (position[axis] as number) + 1;
      position[axis] = next === target[axis]?.side ? 0 : next;
      if (position[axis] !== 0) break;
    }
  }
  return result;
}

function decodeText(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
