import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { prepareModels } from '../internal/test-fixtures.ts';
import { FACEMESH, facemeshFile, fetchFacemesh, readFacemesh } from './facemesh-model.ts';

const folder = await mkdtemp(join(tmpdir(), 'livegate-facemesh-'));
afterAll(() => rm(folder, { recursive: true }));

it('comes from a mirror, under whatever name, without npm', async () => {
  const cache = await prepareModels('baseline');
  await fetchFacemesh({ modelsDir: cache, report: () => {} });
  const source = facemeshFile(cache);
  const [mirrorDir, modelsDir] = [join(folder, 'mirror'), join(folder, 'models')];
  await mkdir(mirrorDir);
  await copyFile(source, join(mirrorDir, 'some name'));
  // Of the same size, and another file: not taken.
  await writeFile(join(mirrorDir, 'another'), Buffer.alloc(FACEMESH.bytes));
  const said: string[] = [];
  await fetchFacemesh({ modelsDir, mirrorDir, report: (line) => said.push(line) });
  expect(said).toEqual(['facemesh: verified, from the mirror.']);
  // Verified as it is read.
  expect(await readFacemesh(modelsDir)).toHaveLength(FACEMESH.bytes);
});
