import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDataKey, openKeyRing } from '@livegate/crypto/key-ring';
import { startCapture } from '@livegate/db/checks';
import { finishCheck } from '@livegate/db/finish-check';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { insertFrame, markKeptFrames } from '@livegate/db/frames';
import { keyDirectoryRecord } from '@livegate/db/key-directory';
import { claimReview, labelReview, openReview } from '@livegate/db/reviews';
import { newId } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, expect, it } from 'vitest';
import { runAdmin } from './run-admin.ts';

const { url, db } = await cloneDatabase();
const directory = await mkdtemp(join(tmpdir(), 'livegate-review-'));
afterAll(() => rm(directory, { recursive: true }));
const keyDir = join(directory, 'keys');
const keyRing = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
const verdict = { passed: true, confidence: 90, threshold: 70, reasons: [] };

/** A check whose probe image is kept, and what one reviewer says of it. */
async function reviewed() {
  const [id, clientId] = [newId('check'), await aClient(db)];
  const dataKey = newDataKey();
  const until = new Date(Date.now() + 30 * 60_000);
  const wrapped = await keyRing.epochs.wrapUntil(dataKey, { until, purpose: keyPurpose.frames(clientId, id) });
  await aCheck(db, { id, clientId, dataKey: wrapped });
  await startCapture(db, { checkId: id, sessionDigest: randomBytes(32) });
  await insertFrame(db, { checkId: id, attempt: 1, seq: 0, bytes: 4 });
  await frameStore.put(db, { ref: { clientId, checkId: id, attempt: 1, seq: 0 }, dataKey, image: randomBytes(4) });
  await markKeptFrames(db, { checkId: id, attempt: 1, probe: 0, audit: [] });
  const ending = { event: 'verdict', verdict, score: 0.9, boundingBox: null, keptDataKey: wrapped } as const;
  await db.transaction((tx) => finishCheck(tx, { checkId: id, ending, buildBody: () => Buffer.from('{}') }));
  await openReview(db, { checkId: id, causes: ['near_threshold'] });
  const { rows } = await db.query('select id from reviews where check_id = $1', [id]);
  const given = { reviewId: rows[0].id as string, reviewer: 'ada' };
  await claimReview(db, given);
  await labelReview(db, { ...given, label: 'bona_fide' });
}

async function exportWith(keys: string) {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const env = { DATABASE_URL: url, LIVEGATE_KEY_DIR: keys };
  const args = ['review', 'export', join(directory, 'labels'), '--json'];
  return { code: await runAdmin({ args, env, print: say, complain: say }), said: said.join('\n') };
}

it("refuses a key directory that is not this database's, and makes no keys there", async () => {
  await reviewed();
  const unmounted = join(directory, 'unmounted');
  expect(await exportWith(unmounted)).toMatchObject({ code: 1, said: expect.stringContaining('lacks the keys') });
  expect(await readdir(unmounted)).toEqual([]);
});

it('does not call it done when images should be there and none could be opened', async () => {
  const epochs = join(keyDir, 'epochs');
  const hidden = `${keyDir}-epochs`;
  await rename(epochs, hidden);
  await mkdir(epochs);
  expect(await exportWith(keyDir)).toMatchObject({ code: 1, said: expect.stringContaining('none could be opened') });
  await rm(epochs, { recursive: true });
  await rename(hidden, epochs);
  expect(await exportWith(keyDir)).toMatchObject({ code: 0, said: expect.stringContaining('"presentations":1') });
  // What an earlier export wrote is there already.
  expect(await exportWith(keyDir)).toMatchObject({ code: 0 });
});
