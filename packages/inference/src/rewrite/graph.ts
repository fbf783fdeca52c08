/** An ONNX graph as the rewriting passes see it. Field numbers are those of onnx.proto. */
import {
  bytesOf,
  type Field,
  integerField,
  integersOf,
  readFields,
  textField,
  textsOf,
  writeFields,
} from './protobuf-wire.ts';

/** A constant of the graph. Types that no pass reads stay as their bytes. */
export type Constant =
  | { kind: 'float'; dims: number[]; data: Float32Array }
  | { kind: 'int64'; dims: number[]; data: number[] }
  | { kind: 'other'; message: Uint8Array };

/** One operation; attributes are AttributeProto messages by name. */
export type GraphNode = {
  operator: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Map<string, Uint8Array>;
};

/** Nodes in topological order, constants by name, and the ValueInfoProto messages of inputs and outputs. */
export type Graph = {
  nodes: GraphNode[];
  constants: Map<string, Constant>;
  inputs: Uint8Array[];
  outputs: Uint8Array[];
};

/** A node of the standard operators. */
export function makeNode(operator: string, inputs: string[], output: string): GraphNode {
  return { operator, domain: '', inputs, outputs: [output], attributes: new Map() };
}

/** A convolution with a 1x1 kernel, one group per channel when `isDepthwise`. Adds the weights to the graph. */
export function makePointwise(
  graph: Graph,
  conv: { input: string; output: string; weights: Constant & { kind: 'float' } },
) {
  const node = makeNode('Conv', [conv.input, addConstant(graph, conv.weights)], conv.output);
  const [channels = 1, perGroup = 1] = conv.weights.dims;
  node.attributes.set('kernel_shape', integersAttribute('kernel_shape', [1, 1]));
  if (perGroup === 1) node.attributes.set('group', integerAttribute('group', channels));
  return node;
}

/** Stores a constant under a new name and gives the name. */
export function addConstant(graph: Graph, constant: Constant): string {
  const name = freshName(graph);
  graph.constants.set(name, constant);
  return name;
}

/** A name that no tensor of the graph has. */
export function freshName(graph: Graph): string {
  const taken = takenNames.get(graph) ?? new Set([...graph.constants.keys(), ...graph.nodes.flatMap(tensorsOf)]);
  takenNames.set(graph, taken);
  let number = taken.size;
  while (taken.has(`rewritten_${number}`)) number++;
  const name = `rewritten_${number}`;
  taken.add(name);
  return name;
}

const takenNames = new WeakMap<Graph, Set<string>>();

function tensorsOf(node: GraphNode): string[] {
  return [...node.inputs, ...node.outputs];
}

/** The float constant behind a node's input, or null when the input is computed, absent or of another type. */
export function floatInput(graph: Graph, node: GraphNode, index: number) {
  const constant = graph.constants.get(node.inputs[index] ?? '');
  return constant?.kind === 'float' ? constant : null;
}

/** An integer attribute, or the operator's default. */
export function integerOf(node: GraphNode, name: string, otherwise: number): number {
  const message = node.attributes.get(name);
  return message ? (integersOf(readFields(message), 3)[0] ?? otherwise) : otherwise;
}

/** An attribute that holds one integer. */
export function integerAttribute(name: string, value: number): Uint8Array {
  return writeFields([textField(1, name), integerField(3, value), integerField(20, 2)]);
}

/** An attribute that holds a list of integers. */
export function integersAttribute(name: string, values: readonly number[]): Uint8Array {
  return writeFields([textField(1, name), ...values.map((value) => integerField(8, value)), integerField(20, 7)]);
}

/** The name in a ValueInfoProto. */
export function nameOfValue(value: Uint8Array): string {
  return textsOf(readFields(value), 1)[0] ?? '';
}

/** Whether a convolution has one filter per channel. */
export function isDepthwise(graph: Graph, node: GraphNode): boolean {
  const weights = floatInput(graph, node, 1);
  const group = integerOf(node, 'group', 1);
  return node.operator === 'Conv' && group > 1 && weights?.dims[0] === group && weights.dims[1] === 1;
}

/** Replaces the message in the first field of this number by what `change` makes of it. */
export function changeField(
  message: Uint8Array,
  number: number,
  change: (inner: Uint8Array) => Uint8Array,
): Uint8Array {
  const fields = readFields(message);
  const at = fields.findIndex((field) => field.number === number);
  const [inner] = bytesOf(fields, number);
  if (at < 0 || !inner) return message;
  return writeFields(fields.with(at, { number, wire: 'bytes', value: change(inner) } satisfies Field));
}
