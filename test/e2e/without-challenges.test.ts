/** A deployment in which nobody is asked to turn their head needs no model of head motion. */
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureClient } from '@livegate/test-kit/capture-client';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { afterAll, expect, it } from 'vitest';

const models = await mkdtemp(join(tmpdir(), 'livegate-models-'));
afterAll(() => rm(models, { recursive: true }));
for (const name of await readdir(join(repositoryRoot, '.models'))) {
  if (name !== 'facemesh.onnx') await symlink(join(repositoryRoot, '.models', name), join(models, name));
}

it('starts without facemesh, checks people who look ahead, and refuses to promise more', async () => {
  const stack = await startStack({ env: { LIVEGATE_MODELS_DIR: models, LIVEGATE_CHALLENGES: 'none' } });
  const backend = integrator(stack);
  // The default of the server, too.
  const check = await backend.create({ challenge: undefined, threshold: 60 });
  const person = captureClient(check.url);
  expect((await person.status()).body.challenge).toBe('none');
  await person.submit(await genuineFace());
  const { result } = (await backend.untilDone(check.token)).body;
  expect(result.passed).toBe(true);
  // No browser made these pictures, and none said what it is.
  expect(result.risk_signals).toEqual(expect.arrayContaining(['NO_EVIDENCE', 'FOREIGN_ENCODER']));
  await expect(backend.create({ challenge: 'turn' })).rejects.toThrow(/400.*challenge must be none on this server/);
});
