import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyGone } from '@livegate/crypto/envelope';
import { EPOCH_SECONDS, endOfWrapping } from '@livegate/crypto/epoch-keys';
import { newDataKey, openKeyRing } from '@livegate/crypto/key-ring';
import { findCheckByToken } from '@livegate/db/checks';
import { databaseNow } from '@livegate/db/database-clock';
import { findReceipt } from '@livegate/db/decision-receipts';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { chooseScenario, insertKeptFrames } from '@livegate/db/scenarios';
import { newId } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import { DATA_KEY_SLACK_SECONDS, IMAGE_RETENTION_MINUTES } from '@livegate/domain/retention';
import { SANDBOX_IMAGE } from '@livegate/domain/sandbox';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { createLogger } from '@livegate/telemetry/logger';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { movableClock } from '@livegate/test-kit/movable-clock';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, expect, it } from 'vitest';
import { playScenario } from './play-scenario.ts';
import { destroyEpochKeys } from './sweeps/destroy-epoch-keys.ts';
import { purgeImages } from './sweeps/purge-images.ts';

const { url, db } = await cloneDatabase();
const clock = await movableClock(url);
const directory = await mkdtemp(join(tmpdir(), 'livegate-epochs-'));
afterAll(() => rm(directory, { recursive: true }));
const keyRing = await openKeyRing({ dir: directory });
const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
const producer = { enqueue: async () => undefined, close: async () => undefined };
const deps = { db, frameStore, keyRing, producer, logger: createLogger({ service: 'test', level: 'silent' }) };

const minutesFromNow = async (minutes: number) => new Date((await databaseNow(db)).getTime() + minutes * 60_000);

/** A check that is complete with its probe kept, by the commands that a real one runs through. */
async function aCompleteCheck() {
  const [id, clientId] = [newId('check'), await aClient(db)];
  const purpose = keyPurpose.frames(clientId, id);
  const image = randomBytes(100);
  const dataKey = newDataKey();
  const first = await keyRing.epochs.wrapUntil(dataKey, { until: await minutesFromNow(32), purpose });
  const { token } = await aCheck(db, { id, clientId, dataKey: first, linkValidMinutes: 30, sandbox: true });
  await chooseScenario(db, { checkId: id, scenario: 'live', dueSeconds: 0, linkSeconds: null });
  await insertKeptFrames(db, { checkId: id, auditImages: 0, bytes: 1, boundingBox: SANDBOX_IMAGE.face });
  await frameStore.put(db, { ref: { clientId, checkId: id, attempt: 1, seq: 0 }, dataKey, image });
  await playScenario(deps, id);
  await db.query('update checks set scenario_due_at = now() where id = $1', [id]);
  await playScenario(deps, id);
  const now = async () => {
    const check = await findCheckByToken(db, { clientId, token, sandbox: true });
    if (!check) throw new Error('the check is gone');
    return check;
  };
  // A check of the sandbox is signed by nobody: nothing was scored.
  expect(await findReceipt(db, id)).toBeNull();
  const { dataKey: second, finishedAt } = await now();
  if (!second || !finishedAt) throw new Error('the check must be complete, with an image');
  return { id, clientId, purpose, first, second, finishedAt, now, image };
}

it('gives the data key a new end at the verdict: within 35 minutes of it, like the end that it had before', async () => {
  const { first, second, finishedAt, purpose } = await aCompleteCheck();
  expect(keyRing.unwrap(first, purpose)).toEqual(keyRing.unwrap(second, purpose));
  for (const wrapped of [first, second]) {
    const minutes = ((endOfWrapping(wrapped) as Date).getTime() - finishedAt.getTime()) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(30);
    expect(minutes).toBeLessThan(34.5);
  }
});

it('has epochs short enough for the longest life that a check can have', () => {
  const longestLink = 30 * 60;
  const toVerdict = longestLink + PROCESSING_LIMITS.verdictSeconds + DATA_KEY_SLACK_SECONDS;
  // A check may be complete as soon as it is made; 10 s for the sweep.
  expect(toVerdict + EPOCH_SECONDS + 10).toBeLessThanOrEqual(35 * 60);
  expect(IMAGE_RETENTION_MINUTES * 60 + EPOCH_SECONDS + 10).toBeLessThanOrEqual(35 * 60);
});

it('lets an image be read for 30 minutes, deletes it in the next, and destroys every key to it by 35:00', async () => {
  const { id, first, second, purpose, now } = await aCompleteCheck();
  const sealed = await findFrameBlob(db, { checkId: id, attempt: 1, seq: 0 });
  expect(sealed).not.toBeNull();

  await clock.forward(29.9);
  await purgeImages(deps);
  await destroyEpochKeys(deps);
  expect(await now()).toMatchObject({ imagesReadable: true });
  expect(keyRing.unwrap(second, purpose)).toHaveLength(32);

  await clock.forward(0.2);
  expect(await now()).toMatchObject({ imagesReadable: false });
  await purgeImages(deps);
  expect(await findFrameBlob(db, { checkId: id, attempt: 1, seq: 0 })).toBeNull();
  expect(await now()).toMatchObject({ dataKey: null, passed: true });

  await clock.forward(4.5);
  await destroyEpochKeys(deps);
  for (const wrapped of [first, second]) expect(() => keyRing.unwrap(wrapped, purpose)).toThrow(KeyGone);
  expect(await readdir(join(directory, 'epochs'))).toEqual([]);
});

it('keeps the verdict, and no image, when the key is gone before its time', async () => {
  const [id, clientId] = [newId('check'), await aClient(db)];
  const purpose = keyPurpose.frames(clientId, id);
  const dataKey = await keyRing.epochs.wrapUntil(newDataKey(), { until: await minutesFromNow(12), purpose });
  const { token } = await aCheck(db, { id, clientId, dataKey, sandbox: true });
  await chooseScenario(db, { checkId: id, scenario: 'live', dueSeconds: 0, linkSeconds: null });
  await playScenario(deps, id);
  await keyRing.epochs.destroyEnded(await minutesFromNow(60));
  await db.query('update checks set scenario_due_at = now() where id = $1', [id]);
  await playScenario(deps, id);
  expect(await findCheckByToken(db, { clientId, token, sandbox: true })).toMatchObject({
    state: 'complete',
    dataKey: null,
    imagesReadable: false,
  });
});
