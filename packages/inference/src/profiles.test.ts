import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareModels, sharedDir } from './internal/test-fixtures.ts';
import { resolveProfile } from './profiles.ts';

let modelsDir: string;

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'livegate-models-'));
});

afterEach(() => rm(modelsDir, { recursive: true }));

async function copyModels(from: string): Promise<void> {
  for (const name of await readdir(from))
    if (name.endsWith('.onnx')) await copyFile(join(from, name), join(modelsDir, name));
}

async function corrupt(name: string): Promise<void> {
  const bytes = await readFile(join(modelsDir, name));
  bytes[bytes.length >> 1] = ((bytes[bytes.length >> 1] as number) + 1) % 256;
  await writeFile(join(modelsDir, name), bytes);
}

describe('resolveProfile over the baseline models', () => {
  beforeEach(async () => {
    for (const name of ['fr_detect.onnx', 'fr_liveness.onnx', 'fr_landmark.onnx']) {
      await copyFile(join(await prepareModels('baseline'), name), join(modelsDir, name));
    }
  }, 60_000);

  it('falls back to baseline under auto', async () => {
    const profile = await resolveProfile({ setting: 'auto', modelsDir });
    expect(profile.name).toBe('baseline');
    expect(profile.models.map(({ id }) => id)).toEqual(['fr_detect', 'fr_liveness']);
  });

  it('refuses an explicit recommended that is incomplete, and says what is missing', async () => {
    await expect(resolveProfile({ setting: 'recommended', modelsDir })).rejects.toThrow(/incomplete.*yunet_s_dynamic/);
  });

  it.each(['auto', 'baseline'] as const)('refuses a changed file under %s, with both hashes', async (setting) => {
    await corrupt('fr_liveness.onnx');
    await expect(resolveProfile({ setting, modelsDir })).rejects.toThrow(
      /fr_liveness\.onnx is not the pinned model.*expected SHA-256 afa783b7\w+, got \w{64}/,
    );
  });

  it('refuses when a baseline file is missing', async () => {
    await rm(join(modelsDir, 'fr_detect.onnx'));
    await expect(resolveProfile({ setting: 'auto', modelsDir })).rejects.toThrow(/baseline is incomplete.*fr_detect/);
  });
});

describe.skipIf(!sharedDir)('resolveProfile over the recommended models', () => {
  beforeEach(async () => copyModels(await prepareModels('recommended')), 60_000);

  it.each(['auto', 'recommended'] as const)('takes recommended under %s', async (setting) => {
    expect((await resolveProfile({ setting, modelsDir })).name).toBe('recommended');
  });

  it('refuses under auto rather than falling back when a recommended file was changed', async () => {
    await corrupt('jr_97.80.onnx');
    await expect(resolveProfile({ setting: 'auto', modelsDir })).rejects.toThrow(/jr_97\.80\.onnx is not the pinned/);
  });
});
