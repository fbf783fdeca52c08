import { readFile } from 'node:fs/promises';
import { listSupportedBackends } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import { prepareModels } from './internal/test-fixtures.ts';
import { resolveProfile } from './profiles.ts';
import { parseProvider, probeProvider } from './provider.ts';

describe('parseProvider', () => {
  it('is the CPU unless another is named, and refuses what there is not', () => {
    expect([undefined, '', 'cpu', 'cuda', 'tensorrt'].map(parseProvider)).toEqual([
      'cpu',
      'cpu',
      'cpu',
      'cuda',
      'tensorrt',
    ]);
    expect(() => parseProvider('gpu')).toThrow(/"gpu".*cpu, cuda, tensorrt/);
  });
});

/** Bundled are the CPU's files and, after the GPU image's install step, CUDA's. */
const hasGpu = listSupportedBackends().some(({ name, bundled }) => name === 'cuda' && bundled);

describe.skipIf(hasGpu).each(['cuda', 'tensorrt'] as const)('%s where it is not installed', (provider) => {
  it('is refused by the probe, with the way to get it', async () => {
    const profile = await resolveProfile({ setting: 'baseline', modelsDir: await prepareModels('baseline') });
    const landmarks = await readFile(profile.landmarks.file);
    await expect(probeProvider(provider, landmarks)).rejects.toThrow(
      new RegExp(
        `LIVEGATE_PROVIDER is ${provider}, which is not available.*target cuda of infra/docker/Dockerfile.*LIVEGATE_PROVIDER=cpu`,
      ),
    );
    await expect(openEngine({ profile, provider })).rejects.toThrow(/not available/);
  });
});
