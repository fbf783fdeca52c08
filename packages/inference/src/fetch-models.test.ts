import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchModels } from './fetch-models.ts';
import { MANIFEST, type Model } from './manifest.ts';

const bytes = Buffer.from('the bytes of a model');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'livegate-fetch-'));
});

afterEach(() => rm(folder, { recursive: true }));

function aModel(url: string): Model {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    ...(MANIFEST.models[0] as Model),
    id: 'a_model',
    bytes: bytes.length,
    sha256,
    source: { type: 'https', url },
  };
}

function fetchInto(model: Model, mirrorDir?: string) {
  return fetchModels([model], { modelsDir: join(folder, 'cache'), mirrorDir, report: () => {} });
}

async function serving<T>(body: Buffer, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/model`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

// Port 9 of this machine: refused at once, so these tests need no network.
const NOWHERE = 'http://127.0.0.1:9/model';

describe('fetchModels', () => {
  it('stores a download whose hash is right', async () => {
    expect(await serving(bytes, (url) => fetchInto(aModel(url)))).toEqual([]);
    expect(await readFile(join(folder, 'cache', 'a_model.onnx'))).toEqual(bytes);
  });

  it('copies a file of the operator, verified like a download', async () => {
    const path = join(folder, 'own.bin');
    await writeFile(path, bytes);
    const model: Model = { ...aModel(NOWHERE), source: { type: 'file', path } };
    expect(await fetchInto(model)).toEqual([]);
    expect(await readFile(join(folder, 'cache', 'a_model.onnx'))).toEqual(bytes);

    const other: Model = { ...model, id: 'other', sha256: '0'.repeat(64) };
    expect((await fetchInto(other))[0]?.message).toContain('pinned is');
    const absent: Model = { ...model, id: 'absent', source: { type: 'file', path: `${path}.gone` } };
    expect((await fetchInto(absent))[0]?.message).toContain('ENOENT');
  });

  it('leaves nothing of a download whose hash is wrong', async () => {
    const failures = await serving(Buffer.from('other bytes'), (url) => fetchInto(aModel(url)));
    expect(failures[0]?.message).toContain('pinned is');
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  it('finds a file in the mirror by its hash, whatever its name', async () => {
    await writeFile(join(folder, 'renamed.bin'), bytes);
    await writeFile(join(folder, 'same-size.bin'), Buffer.alloc(bytes.length));
    expect(await fetchInto(aModel(NOWHERE), folder)).toEqual([]);
    expect(await readFile(join(folder, 'cache', 'a_model.onnx'))).toEqual(bytes);
  });

  it('does nothing when the cache holds the file, and replaces a damaged one', async () => {
    await serving(bytes, (url) => fetchInto(aModel(url)));
    expect(await fetchInto(aModel(NOWHERE))).toEqual([]);
    await writeFile(join(folder, 'cache', 'a_model.onnx'), 'damaged');
    expect(await fetchInto(aModel(NOWHERE))).toHaveLength(1);
    expect(await serving(bytes, (url) => fetchInto(aModel(url)))).toEqual([]);
  });

  it('reports what it could not reach', async () => {
    const failures = await fetchInto(aModel(NOWHERE));
    expect(failures.map(({ model }) => model.id)).toEqual(['a_model']);
  });
});
