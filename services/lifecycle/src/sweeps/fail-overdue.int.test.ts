import { acceptSubmission, returnAttempt, startCapture } from '@livegate/db/checks';
import { insertBatch } from '@livegate/db/frame-batches';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { createLogger } from '@livegate/telemetry/logger';
import { aCheck } from '@livegate/test-kit/builders';
import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { expect, it } from 'vitest';
import type { SweepDeps } from '../sweep.ts';
import { failOverdue } from './fail-overdue.ts';

const { db } = await cloneDatabase();
const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
// Keys and queue have no part in it.
const deps = { db, frameStore, logger: createLogger({ service: 'test', level: 'silent' }) } as unknown as SweepDeps;

it.each([
  ['past its deadline', `update checks set deadline_at = now() where id = $1`],
  ['with a batch that was given up', `update frame_batches set given_up_at = now() where check_id = $1`],
])('leaves a check %s alone when it is returned for another attempt at that moment', async (_, makeOverdue) => {
  const { id: checkId } = await aCheck(db);
  const sessionDigest = Buffer.alloc(32);
  await startCapture(db, { checkId, sessionDigest });
  await insertBatch(db, { checkId, attempt: 1, traceparent: null });
  await acceptSubmission(db, { checkId, sessionDigest });
  await db.query(makeOverdue, [checkId]);
  let sweep: Promise<number> | undefined;
  await db.transaction(async (tx) => {
    expect(await returnAttempt(tx, { checkId, reason: null, words: 'Again, please.' })).toBe(true);
    sweep = failOverdue(deps);
    await eventually(
      async () =>
        (
          await db.query(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%update checks%'`,
          )
        ).rowCount === 1,
    );
  });
  await sweep;
  expect((await db.query('select state, attempt from checks where id = $1', [checkId])).rows).toEqual([
    { state: 'in_progress', attempt: 2 },
  ]);
});
