import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneFace, prepareModels } from '../internal/test-fixtures.ts';

const run = promisify(execFile);
const packageDir = fileURLToPath(new URL('../../', import.meta.url));
const command = `${packageDir}dist/cli/bench-engine.js`;

beforeAll(async () => {
  await run('npx', ['tsc', '-b', packageDir]);
  // Also brings the sample face into the cache.
  await oneFace();
}, 60_000);

describe('the bench-engine command', () => {
  it('prints exactly one object with --json', async () => {
    const env = { LIVEGATE_MODEL_PROFILE: 'baseline', LIVEGATE_MODELS_DIR: await prepareModels('baseline') };
    const { stdout } = await run(process.execPath, [command, '--json', '--rounds', '1'], { env });
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual([
      'profile',
      'framesPerSecondPerCore',
      'bareFramesPerSecondPerCore',
      'ratio',
      'cascade',
      'stages',
      'peakRssMb',
    ]);
    expect(result.profile).toBe('baseline');
    expect(Object.keys(result.stages)).toEqual([
      'decode',
      'detect',
      'refine',
      'quality',
      'landmarks',
      'crop',
      'fr_liveness',
    ]);
    // How large it is only a quiet machine can say; that it is the quotient of the two beside it holds on any.
    expect(result.ratio).toBeGreaterThan(0);
    expect(result.ratio).toBeCloseTo(result.framesPerSecondPerCore / result.bareFramesPerSecondPerCore, 2);
  }, 60_000);

  it.each([['--rounds', '0'], ['--soak', 'many'], ['--peer', 'nobody'], ['--no-such-option']])(
    'refuses %s %s',
    async (...parameters) => {
      const env = { LIVEGATE_MODEL_PROFILE: 'baseline', LIVEGATE_MODELS_DIR: await prepareModels('baseline') };
      await expect(run(process.execPath, [command, ...parameters], { env })).rejects.toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('bench-engine: '),
      });
    },
  );
});
