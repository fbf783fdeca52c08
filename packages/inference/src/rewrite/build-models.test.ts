import { appendFile, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareModels } from '../internal/test-fixtures.ts';
import { fileNameOf, MANIFEST, type Model, modelsOf } from '../manifest.ts';
import { sha256 } from '../verify-file.ts';
import { buildModels } from './build-models.ts';
import { builtPaths, readBuiltGraph } from './built-graph.ts';
import { shareOfLargest } from './compare-models.ts';

const model = modelsOf('baseline', MANIFEST).find(({ id }) => id === 'fr_liveness') as Model;
let modelsDir: string;
let lines: string[];

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'livegate-built-'));
  lines = [];
  await copyFile(join(await prepareModels('baseline'), fileNameOf(model)), join(modelsDir, fileNameOf(model)));
}, 60_000);

afterEach(() => rm(modelsDir, { recursive: true }));

function build(models: readonly Model[] = [model], isForced = false) {
  return buildModels(models, { modelsDir, report: (line) => lines.push(line), isForced });
}

function readBuilt(from: Model = model) {
  return readBuiltGraph({ ...from, file: join(modelsDir, fileNameOf(from)) });
}

describe('buildModels', () => {
  it('makes a file that the engine may use, with its hash and a difference below 1e-5', async () => {
    const [record] = await build();
    expect(record?.difference).toBeLessThan(1e-5);
    const built = await readBuilt();
    expect(built?.sha256).toBe(record?.sha256);
    expect(sha256(built?.bytes ?? new Uint8Array())).toBe(record?.sha256);
    expect(record?.sha256).not.toBe(model.sha256);
  });

  it('does nothing when the cache holds the file, unless told to', async () => {
    await build();
    const { file } = builtPaths(model, modelsDir);
    const { mtimeMs } = await stat(file);
    await build();
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
    expect(lines).toHaveLength(1);
    await build([model], true);
    expect((await stat(file)).mtimeMs).toBeGreaterThan(mtimeMs);
  });

  it('replaces a corrupted file, which is not used until then', async () => {
    await build();
    await appendFile(builtPaths(model, modelsDir).file, 'x');
    expect(await readBuilt()).toBeNull();
    await build();
    expect(await readBuilt()).not.toBeNull();
  });

  it('does not use what was built from another source, and removes it', async () => {
    await build();
    const other = { ...model, sha256: 'f'.repeat(64) };
    await copyFile(builtPaths(model, modelsDir).file, builtPaths(other, modelsDir).file);
    await copyFile(builtPaths(model, modelsDir).record, builtPaths(other, modelsDir).record);
    expect(await readBuilt(other)).toBeNull();
    await build([model], true);
    expect((await readdir(join(modelsDir, 'built'))).every((name) => name.includes(model.sha256.slice(0, 16)))).toBe(
      true,
    );
  });

  it('keeps the source of a model that it cannot rewrite, and does not try again', async () => {
    const bytes = Buffer.from('not a model');
    const broken = { ...model, sha256: sha256(bytes) };
    await writeFile(join(modelsDir, fileNameOf(broken)), bytes);
    expect(await build([broken])).toMatchObject([{ sha256: null, difference: null }]);
    expect(await readBuilt(broken)).toBeNull();
    await build([broken]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('runs as published');
  });

  it('leaves out a model that is missing or not the pinned one', async () => {
    await writeFile(join(modelsDir, fileNameOf(model)), 'another file');
    expect(await build()).toEqual([]);
    await rm(join(modelsDir, fileNameOf(model)));
    expect(await build()).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('takes a record that is not JSON for none', async () => {
    await build();
    await writeFile(builtPaths(model, modelsDir).record, '{');
    expect(await readBuilt()).toBeNull();
    expect(await readFile(builtPaths(model, modelsDir).record, 'utf8')).toBe('{');
  });
});

describe('shareOfLargest', () => {
  it('is the largest difference by the largest value, at least 1', () => {
    expect(shareOfLargest(Float32Array.of(0, 4), Float32Array.of(1, 4))).toBe(0.25);
    expect(shareOfLargest(Float32Array.of(0, 0.5), Float32Array.of(0.25, 0.5))).toBe(0.25);
  });

  it('is infinite for NaN, for a missing output and for one of another length', () => {
    expect(shareOfLargest(Float32Array.of(1), Float32Array.of(Number.NaN))).toBe(Number.POSITIVE_INFINITY);
    expect(shareOfLargest(Float32Array.of(1), undefined)).toBe(Number.POSITIVE_INFINITY);
    expect(shareOfLargest(Float32Array.of(1), Float32Array.of(1, 2))).toBe(Number.POSITIVE_INFINITY);
  });
});
