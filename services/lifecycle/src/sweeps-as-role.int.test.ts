/** The sweeps with the rights that they have where services are apart; the other tests sign in as the owner of everything. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { assumeServiceRole } from '@livegate/db/service-roles';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { createLogger } from '@livegate/telemetry/logger';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, expect, it } from 'vitest';
import { SWEEPS } from './sweeps.ts';

const { db } = await cloneDatabase();
const hasRole = await assumeServiceRole(db, 'lifecycle');
const keyDirectory = await mkdtemp(join(tmpdir(), 'livegate-sweeps-'));
afterAll(() => rm(keyDirectory, { recursive: true }));
const keyRing = await openKeyRing({ dir: keyDirectory });
const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
const producer = {
  enqueue: async () => undefined,
  count: async () => ({}),
  countWorkers: async () => 0,
  close: async () => undefined,
};
const deps = { db, frameStore, keyRing, producer, logger: createLogger({ service: 'test', level: 'silent' }) };

// Postgres asks for every right of a statement before its first row: empty tables show what is missing as well as full ones.
it.each(SWEEPS.map(({ name, run }) => [name, run] as const))('%s may do what it does', async (_name, run) => {
  expect(hasRole).toBe(true);
  await expect(run(deps)).resolves.toBeDefined();
});
