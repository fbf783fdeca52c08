import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAdmin } from '@livegate/admin/run-admin';
import { deletionReceipt } from '@livegate/contracts/receipts';
import { KeyGone } from '@livegate/crypto/envelope';
import { EPOCH_SECONDS, endOfWrapping } from '@livegate/crypto/epoch-keys';
import { newDataKey, openKeyRing } from '@livegate/crypto/key-ring';
import { STATEMENTS, verifyStatement } from '@livegate/crypto/verify-statement';
import { findCheckByToken } from '@livegate/db/checks';
import { databaseNow } from '@livegate/db/database-clock';
import { findReceipt } from '@livegate/db/decision-receipts';
import { listDeletionReceipts } from '@livegate/db/deletion-receipts';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { listKeptFrames } from '@livegate/db/frames';
import { liftHold, placeHold, setDataKey } from '@livegate/db/legal-holds';
import { setPolicy } from '@livegate/db/retention-policies';
import { chooseScenario, insertKeptFrames } from '@livegate/db/scenarios';
import { newId } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import { DATA_KEY_SLACK_SECONDS, IMAGE_RETENTION_MINUTES } from '@livegate/domain/retention';
import { SANDBOX_IMAGE } from '@livegate/domain/sandbox';
import { encryptFrames, type FrameRef } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { createLogger } from '@livegate/telemetry/logger';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { eventually } from '@livegate/test-kit/eventually';
import { movableClock } from '@livegate/test-kit/movable-clock';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { endCheck } from './end-check.ts';
import { eraseOne } from './erase-check.ts';
import { playScenario } from './play-scenario.ts';
import { destroyEpochKeys } from './sweeps/destroy-epoch-keys.ts';
import { purgeChecks } from './sweeps/purge-checks.ts';
import { purgeImages } from './sweeps/purge-images.ts';
import { purgeOldDeliveries, purgeOldScores } from './sweeps/purge-scores.ts';

const { url, db } = await cloneDatabase();
const clock = await movableClock(url);
const directory = await mkdtemp(join(tmpdir(), 'livegate-epochs-'));
afterAll(() => rm(directory, { recursive: true }));
const keyRing = await openKeyRing({ dir: directory });
const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
const producer = {
  enqueue: async () => undefined,
  count: async () => ({}),
  countWorkers: async () => 0,
  close: async () => undefined,
};
const deps = { db, frameStore, keyRing, producer, logger: createLogger({ service: 'test', level: 'silent' }) };

const minutesFromNow = async (minutes: number) => new Date((await databaseNow(db)).getTime() + minutes * 60_000);

/** A check that is complete with its probe kept, by the commands that a real one runs through. */
async function aCompleteCheck({
  auditImages = 0,
  webhookUrl = null,
  probeSeconds,
  store = frameStore,
}: {
  auditImages?: number;
  webhookUrl?: string | null;
  probeSeconds?: number;
  store?: typeof frameStore;
} = {}) {
  const [id, clientId] = [newId('check'), await aClient(db)];
  const purpose = keyPurpose.frames(clientId, id);
  const image = randomBytes(100);
  const dataKey = newDataKey();
  const first = await keyRing.epochs.wrapUntil(dataKey, { until: await minutesFromNow(32), purpose });
  const { token, reference } = await aCheck(db, {
    id,
    clientId,
    dataKey: first,
    linkValidMinutes: 30,
    sandbox: true,
    auditImages,
    webhookUrl,
  });
  if (probeSeconds) await setPolicy(db, { clientId, artefact: 'probe', seconds: probeSeconds });
  await chooseScenario(db, { checkId: id, scenario: 'live', dueSeconds: 0, linkSeconds: null });
  await insertKeptFrames(db, { checkId: id, auditImages, bytes: 1, boundingBox: SANDBOX_IMAGE.face });
  for (let seq = 0; seq <= auditImages; seq += 1)
    await store.put(db, { ref: { clientId, checkId: id, attempt: 1, seq }, dataKey, image });
  const played = { ...deps, frameStore: store };
  await playScenario(played, id);
  await db.query('update checks set scenario_due_at = now() where id = $1', [id]);
  await playScenario(played, id);
  const look = async () => {
    const check = await findCheckByToken(db, { clientId, token, sandbox: true });
    if (!check) throw new Error('the check is gone');
    return check;
  };
  // A check of the sandbox is signed by nobody: nothing was scored.
  expect(await findReceipt(db, id)).toBeNull();
  const { dataKey: second, finishedAt } = await look();
  if (!second || !finishedAt) throw new Error('the check must be complete, with an image');
  return { id, clientId, reference, purpose, first, second, finishedAt, now: look, image };
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
  const check = await aCompleteCheck();
  const { id, first, second, purpose } = check;
  const sealed = await findFrameBlob(db, { checkId: id, attempt: 1, seq: 0 });
  expect(sealed).not.toBeNull();

  await clock.forward(29.9);
  await purgeImages(deps);
  await destroyEpochKeys(deps);
  expect(await now(check)).toMatchObject({ imagesReadable: true });
  expect(keyRing.unwrap(second, purpose)).toHaveLength(32);

  await clock.forward(0.2);
  expect(await now(check)).toMatchObject({ imagesReadable: false });
  await purgeImages(deps);
  expect(await findFrameBlob(db, { checkId: id, attempt: 1, seq: 0 })).toBeNull();
  expect(await now(check)).toMatchObject({ dataKey: null, passed: true });

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

it("keeps each artefact for its client's own time, and leaves a receipt of each deletion", async () => {
  const check = await aCompleteCheck({ auditImages: 1, probeSeconds: 600 });
  const place = (seq: number) => findFrameBlob(db, { checkId: check.id, attempt: 1, seq });
  await clock.forward(10.1);
  await purgeImages(deps);
  expect([await place(0), await place(1)]).toEqual([null, expect.any(Buffer)]);
  expect(await now(check)).toMatchObject({ dataKey: expect.any(Buffer), imagesReadable: true });
  expect((await listKeptFrames(db, check.id)).map(({ role }) => role)).toEqual(['audit']);
  await clock.forward(20);
  await purgeImages(deps);
  expect(await place(1)).toBeNull();
  expect(await receiptsOf(check)).toMatchObject([
    { cause: 'retention', deleted: { probe: 1, audit_images: 0 } },
    { cause: 'retention', deleted: { probe: 0, audit_images: 1 } },
  ]);
});

it('forgets scores, deliveries and at last the check itself, each when its time is over', async () => {
  const check = await aCompleteCheck({ webhookUrl: 'https://example.com/hook' });
  const count = async (table: string) =>
    (await db.query(`select from ${table} where check_id = $1`, [check.id])).rowCount;
  await db.query('update deliveries set delivered_at = now(), next_attempt_at = null');
  await clock.forward(31);
  await purgeImages(deps);
  const sweepAll = async () => {
    for (const sweep of [purgeOldScores, purgeOldDeliveries, purgeChecks]) await sweep(deps);
  };
  await clock.forward(29 * 1_440);
  await sweepAll();
  expect([await count('frames'), await count('deliveries')]).toEqual([1, 1]);
  await clock.forward(1_440);
  await sweepAll();
  expect([await count('frames'), await count('deliveries'), await count('events')]).toEqual([0, 0, 1]);
  expect(await now(check)).toMatchObject({ state: 'complete', passed: true, boundingBox: null });
  await clock.forward(334 * 1_440);
  await sweepAll();
  expect(await now(check)).toBeDefined();
  await clock.forward(1_440);
  await sweepAll();
  expect((await db.query('select from checks where id = $1', [check.id])).rowCount).toBe(0);
  expect((await receiptsOf(check)).map(({ deleted }) => Object.keys(deleted)[0])).toEqual([
    'probe',
    'scores',
    'deliveries',
    'check',
  ]);
});

it('keeps everything under a legal hold, unreadable through the api, and ends it with the hold', async () => {
  const check = await aCompleteCheck({ webhookUrl: 'https://example.com/hook' });
  const purpose = keyPurpose.frames(check.clientId, check.id);
  expect(await admin('hold', 'place', check.id, 'a court asked')).toBe(0);
  expect(await admin('hold', 'place', check.id, 'twice')).toBe(1);
  await clock.forward(400 * 1_440);
  for (const sweep of [purgeImages, purgeOldScores, purgeOldDeliveries, purgeChecks, destroyEpochKeys])
    await sweep(deps);
  const { dataKey: held, imagesReadable } = await now(check);
  expect(imagesReadable).toBe(false);
  const ref = { clientId: check.clientId, checkId: check.id, attempt: 1, seq: 0 };
  expect(await frameStore.get({ ref, dataKey: keyRing.unwrap(held as Buffer, purpose) })).toEqual(check.image);
  expect(await admin('hold', 'lift', check.id)).toBe(0);
  expect(() => keyRing.unwrap(held as Buffer, purpose)).toThrow(KeyGone);
  expect((await now(check)).dataKey).toBeNull();
  await purgeImages(deps);
  expect(await findFrameBlob(db, { checkId: check.id, attempt: 1, seq: 0 })).toBeNull();
  await purgeChecks(deps);
  expect((await db.query('select from checks where id = $1', [check.id])).rowCount).toBe(0);
});

it('tells in a receipt when the last key ends that ever wrapped the data key, also when it is forgotten here', async () => {
  const check = await aCompleteCheck({ probeSeconds: 600 });
  // The first epoch ends after the second: the link was longer than an image is kept.
  const ends = [check.first, check.second].map((wrapped) => endOfWrapping(wrapped)?.getTime() as number);
  const last = new Date(Math.max(...ends)).toISOString();
  await clock.forward(31);
  await purgeImages(deps);
  expect((await now(check)).dataKey).toBeNull();
  await eraseOne(deps, { checkId: check.id, cause: 'person' });
  expect((await receiptsOf(check)).map((claims) => claims.unrecoverable_at)).toEqual([last, last]);

  const [id, clientId] = [newId('check'), await aClient(db)];
  const dataKey = await keyRing.epochs.wrapUntil(newDataKey(), { until: await minutesFromNow(32), purpose: 'p' });
  const { reference } = await aCheck(db, { id, clientId, dataKey, linkValidMinutes: 10, sandbox: true });
  await clock.forward(11);
  await endCheck(deps, id, { event: 'expire' });
  await eraseOne(deps, { checkId: id, cause: 'person' });
  const [claims] = await receiptsOf({ id, clientId, reference });
  expect(claims?.unrecoverable_at).toBe(endOfWrapping(dataKey)?.toISOString());
});

it('tells of no key when all that ever wrapped the data key have ended', async () => {
  const check = await aCompleteCheck();
  await clock.forward(40);
  await eraseOne(deps, { checkId: check.id, cause: 'request' });
  expect(await receiptsOf(check)).toMatchObject([{ unrecoverable_at: null }]);
});

it('counts in a receipt the images that were there, wherever images are', async () => {
  const objects = new Map<string, Buffer>();
  const place = ({ checkId, attempt, seq }: Omit<FrameRef, 'clientId'>) => `${checkId}/${attempt}/${seq}`;
  const elsewhere = encryptFrames<unknown>({
    put: async (_tx, ref, sealed) => void objects.set(place(ref), sealed),
    get: async (ref) => objects.get(place(ref)) ?? null,
    removeAllBut: async (_tx, checkId, keep) => {
      const kept = keep.map((frame) => place({ checkId, ...frame }));
      for (const name of objects.keys()) if (!kept.includes(name)) objects.delete(name);
    },
    removeAttempt: async () => undefined,
    listOwners: async () => ({ checkIds: [], next: null }),
  });
  const there = { ...deps, frameStore: elsewhere };
  const kept = await aCompleteCheck({ auditImages: 2, store: elsewhere });
  expect(objects.size).toBe(3);
  await eraseOne(there, { checkId: kept.id, cause: 'request' });
  const purged = await aCompleteCheck({ auditImages: 2, store: elsewhere });
  await clock.forward(31);
  await purgeImages(there);
  await eraseOne(there, { checkId: purged.id, cause: 'request' });
  expect((await receiptsOf(kept)).at(-1)?.deleted).toMatchObject({ images: 3 });
  expect((await receiptsOf(purged)).at(-1)?.deleted).toMatchObject({ images: 0 });
  expect(objects.size).toBe(0);
});

describe('the key of a hold', () => {
  const held = async () => {
    const check = await aCompleteCheck();
    expect(await admin('hold', 'place', check.id, 'a court')).toBe(0);
    return { ...check, key: (await now(check)).dataKey as Buffer };
  };

  it('ends a day after the hold also where who lifted it died before it could, and no other with it', async () => {
    const [lifted, kept] = [await held(), await held()];
    await db.transaction(async (tx) => {
      await liftHold(tx, lifted.id);
      await setDataKey(tx, { checkId: lifted.id, dataKey: null });
    });
    await destroyEpochKeys(deps);
    expect(keyRing.unwrap(lifted.key, lifted.purpose)).toHaveLength(32);
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    for (const name of await readdir(join(directory, 'epochs')))
      if (name.startsWith('hold-')) await utimes(join(directory, 'epochs', name), yesterday, yesterday);
    await destroyEpochKeys(deps);
    expect(() => keyRing.unwrap(lifted.key, lifted.purpose)).toThrow(KeyGone);
    expect(keyRing.unwrap(kept.key, kept.purpose)).toHaveLength(32);
    expect(await admin('hold', 'lift', kept.id)).toBe(0);
  });

  it('is not taken for a left one while the hold is being placed', async () => {
    const { id, purpose, now: look } = await aCompleteCheck();
    let sweeping: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      const check = await placeHold(tx, { checkId: id, reason: 'a court' });
      const plain = keyRing.unwrap(check?.dataKey as Buffer, purpose);
      await setDataKey(tx, { checkId: id, dataKey: await keyRing.epochs.wrapHeld(plain, purpose) });
      sweeping = destroyEpochKeys(deps);
      await blocked();
    });
    await sweeping;
    expect(keyRing.unwrap((await look()).dataKey as Buffer, purpose)).toHaveLength(32);
    expect(await admin('hold', 'lift', id)).toBe(0);
  });
});

describe('a hold that is placed while a sweep is at the check', () => {
  it('keeps the images that the sweep had found', async () => {
    const check = await aCompleteCheck();
    await clock.forward(31);
    let purging: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      await placeHold(tx, { checkId: check.id, reason: 'a court' });
      purging = purgeImages(deps);
      await blocked(purging);
    });
    await purging;
    expect(await findFrameBlob(db, { checkId: check.id, attempt: 1, seq: 0 })).not.toBeNull();
    await db.query('delete from legal_holds');
    await purgeImages(deps);
  });

  it.each([
    ['scores', purgeOldScores, 'frames'],
    ['delivery_log', purgeOldDeliveries, 'deliveries'],
  ] as const)('keeps the %s that the sweep had found', async (artefact, sweep, table) => {
    const check = await aCompleteCheck({ webhookUrl: 'https://example.com/hook' });
    await db.query('update deliveries set delivered_at = now(), next_attempt_at = null');
    await clock.forward(31);
    await purgeImages(deps);
    await clock.forward(30 * 1_440);
    const gate = `create or replace function retention(client text, wanted text) returns interval language plpgsql as $$ begin
      if wanted = '${artefact}' then perform pg_advisory_xact_lock_shared(4711); end if; return interval '1 day'; end $$`;
    const { rows } = await db.query(`select pg_get_functiondef('retention(text, text)'::regprocedure) as text`);
    await db.query(gate);
    let sweeping: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(4711)');
      sweeping = sweep(deps);
      await blocked(sweeping);
      await db.transaction((other) => placeHold(other, { checkId: check.id, reason: 'a court' }));
    });
    await sweeping;
    await db.query(rows[0].text);
    expect((await db.query(`select from ${table} where check_id = $1`, [check.id])).rowCount).toBe(1);
    await db.query('delete from legal_holds');
  });
});

/** Until somebody waits for a lock; a sweep that ends meanwhile says why. */
function blocked(sweep: Promise<unknown> = new Promise(() => undefined)) {
  const waits = eventually(async () => {
    const { rowCount } = await db.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return (rowCount ?? 0) > 0;
  });
  return Promise.race([waits, sweep.then(() => Promise.reject(new Error('the sweep waited for nobody')))]);
}

type Complete = Awaited<ReturnType<typeof aCompleteCheck>>;
const now = ({ now: look }: Complete) => look();

async function receiptsOf({ id, clientId, reference }: Pick<Complete, 'id' | 'clientId' | 'reference'>) {
  const receipts = await listDeletionReceipts(db, { clientId, reference, sandbox: true });
  expect(id).toMatch(/^chk_/);
  return Promise.all(
    receipts.map(async (jws) =>
      deletionReceipt.parse(await verifyStatement(STATEMENTS.deletion, jws, keyRing.signing.jwks())),
    ),
  );
}

function admin(...args: string[]): Promise<number> {
  const env = { DATABASE_URL: url, LIVEGATE_KEY_DIR: directory };
  return runAdmin({ args, env, print: () => undefined, complain: () => undefined });
}
