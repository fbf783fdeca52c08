import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareModels } from '../internal/test-fixtures.ts';

const run = promisify(execFile);
const packageDir = fileURLToPath(new URL('../../', import.meta.url));

beforeAll(async () => {
  await run('npx', ['tsc', '-b', packageDir]);
}, 60_000);

describe('the fetch-models command', () => {
  it('says nothing and needs no network when everything is there', async () => {
    const dir = await prepareModels('baseline');
    const env = { LIVEGATE_MODEL_PROFILE: 'baseline' };
    const result = await run(process.execPath, [`${packageDir}dist/cli/fetch-models.js`, '--dir', dir], { env });
    expect(result).toEqual({ stdout: '', stderr: '' });
  }, 60_000);

  it('refuses a setting that does not exist', async () => {
    const env = { LIVEGATE_MODEL_PROFILE: 'best' };
    await expect(run(process.execPath, [`${packageDir}dist/cli/fetch-models.js`], { env })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('must be auto, baseline or recommended'),
    });
  });
});
