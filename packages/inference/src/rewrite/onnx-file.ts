/** ONNX files to graphs and back, as far as rewriting needs it. Field numbers are those of onnx.proto. */
import type { Constant, Graph, GraphNode } from './graph.ts';
import { nameOfValue } from './graph.ts';
import {
  bytesField,
  bytesOf,
  type Field,
  integerField,
  integersOf,
  readFields,
  textField,
  textsOf,
  writeFields,
} from './protobuf-wire.ts';

const MODEL_GRAPH = 7;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
const TENSOR = { dims: 1, type: 2, floats: 4, int64s: 7, name: 8, raw: 9 } as const;
const FLOAT = 1;
const INT64 = 7;

/** Reads a model. Throws when it is not one, or when constants double as inputs, as files before IR version 4 have it. */
export function decodeModel(file: Uint8Array): Graph {
  const [message] = bytesOf(readFields(file), MODEL_GRAPH);
  if (!message) throw new Error('The file holds no ONNX graph.');
  const fields = readFields(message);
  const graph: Graph = {
    nodes: [],
    constants: new Map(bytesOf(fields, GRAPH.initializer).map(decodeTensor)),
    inputs: bytesOf(fields, GRAPH.input),
    outputs: bytesOf(fields, GRAPH.output),
  };
  if (graph.inputs.some((input) => graph.constants.has(nameOfValue(input)))) {
    throw new Error('The graph lists constants as inputs.');
  }
  for (const node of bytesOf(fields, GRAPH.node).map(decodeNode)) {
    const value = node.operator === 'Constant' ? node.attributes.get('value') : undefined;
    const [tensor] = value ? bytesOf(readFields(value), 5) : [];
    if (tensor) graph.constants.set(node.outputs[0] as string, decodeTensor(tensor)[1]);
    else graph.nodes.push(node);
  }
  return graph;
}

/** The file with another graph. Names of nodes and declared shapes between them are left out: no runtime needs them. */
export function encodeModel(file: Uint8Array, graph: Graph): Uint8Array {
  const used = new Set([...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map(nameOfValue)]);
  const message = writeFields([
    ...graph.nodes.map((node) => bytesField(GRAPH.node, encodeNode(node))),
    textField(GRAPH.name, 'rewritten'),
    ...[...graph.constants]
      .filter(([name]) => used.has(name))
      .map(([name, constant]) => bytesField(GRAPH.initializer, encodeTensor(name, constant))),
    ...graph.inputs.map((input) => bytesField(GRAPH.input, input)),
    ...graph.outputs.map((output) => bytesField(GRAPH.output, output)),
  ]);
  return writeFields(
    readFields(file).map((field) => (field.number === MODEL_GRAPH ? bytesField(MODEL_GRAPH, message) : field)),
  );
}

/** A value at the border of a graph; a text among the dimensions names one that is free. */
export type Border = { name: string; dims: readonly (number | string)[] };

// Operator set 13 knows all that is written here; IR version 8 came with onnx 1.10.
const OPSET = 13;
const IR_VERSION = 8;

/** A file for a graph that was not read from one. Its inputs and outputs are floats. */
export function encodeNewModel(graph: Graph, border: { inputs: Border[]; outputs: Border[] }): Uint8Array {
  const shell = writeFields([
    integerField(1, IR_VERSION),
    bytesField(MODEL_GRAPH, new Uint8Array()),
    bytesField(8, writeFields([textField(1, ''), integerField(2, OPSET)])),
  ]);
  const [inputs, outputs] = [border.inputs.map(encodeBorder), border.outputs.map(encodeBorder)];
  return encodeModel(shell, { ...graph, inputs, outputs });
}

/** ValueInfoProto { name, type { tensor_type { elem_type, shape { dim { dim_value | dim_param } } } } }. */
function encodeBorder({ name, dims }: Border): Uint8Array {
  const shape = dims.map((dim) =>
    bytesField(1, writeFields([typeof dim === 'number' ? integerField(1, dim) : textField(2, dim)])),
  );
  const tensor = writeFields([integerField(1, FLOAT), bytesField(2, writeFields(shape))]);
  return writeFields([textField(1, name), bytesField(2, writeFields([bytesField(1, tensor)]))]);
}

function decodeNode(message: Uint8Array): GraphNode {
  const fields = readFields(message);
  return {
    operator: textsOf(fields, NODE.operator)[0] ?? '',
    domain: textsOf(fields, NODE.domain)[0] ?? '',
    inputs: textsOf(fields, NODE.input),
    outputs: textsOf(fields, NODE.output),
    attributes: new Map(bytesOf(fields, NODE.attribute).map((attribute) => [nameOfValue(attribute), attribute])),
  };
}

function encodeNode(node: GraphNode): Uint8Array {
  return writeFields([
    ...node.inputs.map((name) => textField(NODE.input, name)),
    ...node.outputs.map((name) => textField(NODE.output, name)),
    textField(NODE.operator, node.operator),
    ...[...node.attributes.values()].map((attribute) => bytesField(NODE.attribute, attribute)),
    ...(node.domain ? [textField(NODE.domain, node.domain)] : []),
  ]);
}

function decodeTensor(message: Uint8Array): [string, Constant] {
  const fields = readFields(message);
  const name = textsOf(fields, TENSOR.name)[0] ?? '';
  const dims = integersOf(fields, TENSOR.dims);
  // A copy: a view would need the file's bytes to lie on a multiple of 4 or 8.
  const [raw] = bytesOf(fields, TENSOR.raw).map((bytes) => Uint8Array.from(bytes).buffer);
  switch (integersOf(fields, TENSOR.type)[0]) {
    case FLOAT:
      return [name, { kind: 'float', dims, data: new Float32Array(raw ?? unpackFloats(fields)) }];
    case INT64:
      return [
        name,
        {
          kind: 'int64',
          dims,
          data: raw ? [...new BigInt64Array(raw)].map(Number) : integersOf(fields, TENSOR.int64s),
        },
      ];
    default:
      return [name, { kind: 'other', message }];
  }
}

function unpackFloats(fields: readonly Field[]): ArrayBuffer {
  return Uint8Array.from(Buffer.concat(bytesOf(fields, TENSOR.floats))).buffer;
}

function encodeTensor(name: string, constant: Constant): Uint8Array {
  if (constant.kind === 'other') {
    const others = readFields(constant.message).filter((field) => field.number !== TENSOR.name);
    return writeFields([...others, textField(TENSOR.name, name)]);
  }
  const isFloat = constant.kind === 'float';
  const values = isFloat ? constant.data : BigInt64Array.from(constant.data.map(BigInt));
  return writeFields([
    ...constant.dims.map((length) => integerField(TENSOR.dims, length)),
    integerField(TENSOR.type, isFloat ? FLOAT : INT64),
    textField(TENSOR.name, name),
    bytesField(TENSOR.raw, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]);
}
