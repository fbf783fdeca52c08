import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { cropFace } from '../crop-face.ts';
import { decodeImage, type Picture } from '../decode-image.ts';
import { oneFace, prepareModels, sharedDir } from '../internal/test-fixtures.ts';
import { fileNameOf, MANIFEST, type Model, modelsOf } from '../manifest.ts';
import { type OnnxSession, type Outputs, openOnnxSession } from '../onnx-session.ts';
import { resampleToPlanes } from '../resample.ts';
import { liveLogOdds } from '../score-presentation.ts';
import { addConstant, type Graph, makeNode } from './graph.ts';
import { decodeModel, encodeModel } from './onnx-file.ts';
import { bytesField, integerField, textField, writeFields } from './protobuf-wire.ts';
import { rewriteModel } from './rewrite-model.ts';

const FACE = { x: 79, y: 150, width: 238, height: 318 };
const opened: OnnxSession[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((session) => session.close()));
});

async function open(model: Uint8Array): Promise<OnnxSession> {
  const session = await openOnnxSession(model);
  opened.push(session);
  return session;
}

function inputsOf(model: Model, picture: Picture): { planes: Float32Array; shape: readonly number[] }[] {
  if (model.task === 'presentation') {
    return model.crop.scales.map((scale) => ({
      planes: cropFace({ picture, face: FACE, model, scale }).planes.slice(),
      shape: model.input.shape,
    }));
  }
  const shape = model.input.shape.map((length) => (length === -1 ? 160 : length));
  const size = { width: shape[3] as number, height: shape[2] as number };
  const region = { x: 0, y: 0, width: picture.width, height: picture.height };
  return [{ planes: resampleToPlanes({ picture, region, size, kernel: 'area', format: model.input }), shape }];
}

function likelihood(model: Model, outputs: Outputs): number {
  if (model.task !== 'presentation') return 0;
  return 1 / (1 + Math.exp(-liveLogOdds(Object.values(outputs)[0] as Float32Array, model.liveIndex)));
}

function expectClose(actual: Outputs, expected: Outputs, tolerance: number): void {
  for (const [name, values] of Object.entries(expected)) {
    const other = actual[name] as Float32Array;
    expect(other.length).toBe(values.length);
    const worst = values.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] as number))), 0);
    expect(worst, name).toBeLessThan(tolerance);
  }
}

const profiles = sharedDir ? (['baseline', 'recommended'] as const) : (['baseline'] as const);
const cases = profiles.flatMap((profile) =>
  modelsOf(profile, MANIFEST).map((model) => ({ id: model.id, model, profile })),
);

describe('rewriteModel', () => {
  it.each(cases)('leaves what $id ($profile) says about a real face as it was', async ({ model, profile }) => {
    const source = await readFile(`${await prepareModels(profile)}/${fileNameOf(model)}`);
    const [original, rewritten] = [await open(source), await open(rewriteModel(source))];
    const { picture } = await decodeImage(await oneFace());
    for (const { planes, shape } of inputsOf(model, picture)) {
      const expected = await original.run(planes, shape);
      const actual = await rewritten.run(planes, shape);
      expectClose(actual, expected, 1e-4);
      expect(Math.abs(likelihood(model, actual) - likelihood(model, expected))).toBeLessThan(1e-5);
    }
  });

  it('takes several pictures at once, though the file was exported for one', async () => {
    const source = await readFile(`${await prepareModels('baseline')}/fr_liveness.onnx`);
    const [original, rewritten] = [await open(source), await open(rewriteModel(source))];
    const model = modelsOf('baseline', MANIFEST).find(({ id }) => id === 'fr_liveness') as Model;
    const inputs = inputsOf(model, (await decodeImage(await oneFace())).picture);
    const batch = Float32Array.from(inputs.flatMap(({ planes }) => [...planes]));
    const together = await rewritten.run(batch, [inputs.length, 3, 128, 128]);
    const oneByOne: number[] = [];
    for (const { planes, shape } of inputs) oneByOne.push(...((await original.run(planes, shape)).output ?? []));
    expectClose(together, { output: Float32Array.from(oneByOne) }, 1e-4);
    await expect(original.run(batch, [inputs.length, 3, 128, 128])).rejects.toThrow();
  });

  it('leaves no PRelu, no Pad of channels and no odd number of channels, whatever the slopes', async () => {
    const source = aModel();
    const rewritten = rewriteModel(source);
    const { nodes, constants } = decodeModel(rewritten);
    const operators = new Set(nodes.map(({ operator }) => operator));
    expect(operators).toEqual(new Set(['Conv', 'Relu', 'Add']));
    const first = constants.get(nodes[0]?.inputs[1] ?? '');
    expect(first?.kind === 'float' && first.dims).toEqual([16, 3, 1, 1]);

    const planes = Float32Array.from({ length: 3 * 4 * 4 }, (_, at) => Math.sin(at) * 3);
    const expected = await (await open(source)).run(planes, [1, 3, 4, 4]);
    const actual = await (await open(rewritten)).run(planes, [1, 3, 4, 4]);
    expect(expected.output?.some((value) => value < 0)).toBe(true);
    expectClose(actual, expected, 1e-5);
  });

  it('is the same bytes every time', () => {
    expect(rewriteModel(aModel())).toEqual(rewriteModel(aModel()));
  });

  it('throws on what is not a model', () => {
    expect(() => rewriteModel(Buffer.from('not a model at all'))).toThrow();
    expect(() => rewriteModel(new Uint8Array())).toThrow(/no ONNX graph/);
  });
});

/** 3 channels, 6 by a convolution, PRelu with slopes below and above 1, padded by two channels, 2 by a convolution. */
function aModel(): Uint8Array {
  const graph: Graph = {
    nodes: [],
    constants: new Map(),
    inputs: [aValue('input', [1, 3, 4, 4])],
    outputs: [aValue('output', [1, 2, 4, 4])],
  };
  const floats = (dims: number[], data: number[]) =>
    addConstant(graph, { kind: 'float', dims, data: Float32Array.from(data) });
  const weights = (count: number) => Array.from({ length: count }, (_, at) => Math.cos(at * 1.7));
  const pads = addConstant(graph, { kind: 'int64', dims: [8], data: [0, 0, 0, 0, 0, 2, 0, 0] });
  graph.nodes = [
    makeNode('Conv', ['input', floats([6, 3, 1, 1], weights(18))], 'a'),
    makeNode('PRelu', ['a', floats([6, 1, 1], [0.25, -0.5, 0, 1, 0.9, 0.1])], 'b'),
    makeNode('PRelu', ['b', floats([6, 1, 1], [0.25, 1.5, 3, 1, -2, 0])], 'c'),
    makeNode('Pad', ['c', pads], 'd'),
    makeNode('Conv', ['d', floats([2, 8, 1, 1], weights(16))], 'output'),
  ];
  // IR version 8, operators of version 13.
  const frame = writeFields([
    integerField(1, 8),
    bytesField(7, new Uint8Array()),
    bytesField(8, writeFields([textField(1, ''), integerField(2, 13)])),
  ]);
  return encodeModel(frame, graph);
}

function aValue(name: string, dims: number[]): Uint8Array {
  const shape = writeFields(dims.map((length) => bytesField(1, writeFields([integerField(1, length)]))));
  const tensor = writeFields([integerField(1, 1), bytesField(2, shape)]);
  return writeFields([textField(1, name), bytesField(2, writeFields([bytesField(1, tensor)]))]);
}
