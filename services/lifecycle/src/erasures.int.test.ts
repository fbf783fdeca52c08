/** Erasures of persons: each is tried in its turn, whatever the others wait for. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { findErasure, requestErasure, setPerson } from '@livegate/db/persons';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { createLogger } from '@livegate/telemetry/logger';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, beforeEach, expect, it } from 'vitest';
import type { SweepDeps } from './sweep.ts';
import { finishErasures } from './sweeps/finish-erasures.ts';
import { purgeRecords } from './sweeps/purge-records.ts';

const { db } = await cloneDatabase();
const directory = await mkdtemp(join(tmpdir(), 'livegate-erasures-'));
afterAll(() => rm(directory, { recursive: true }));
const keyRing = await openKeyRing({ dir: directory });
const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
const deps = { db, frameStore, keyRing, logger: createLogger({ service: 'test', level: 'silent' }) } as SweepDeps;

beforeEach(() => db.query('truncate erasures, legal_holds'));

/** A person with one check, whom the client wants to be erased. */
async function anErasure() {
  const who = { clientId: await aClient(db), personDigest: randomBytes(32) };
  const makeCheck = async () => {
    const { id } = await aCheck(db, { clientId: who.clientId });
    await setPerson(db, { checkId: id, personDigest: who.personDigest });
    return id;
  };
  const checkId = await makeCheck();
  const { id } = await requestErasure(db, who);
  return { who, checkId, makeCheck, id, now: () => findErasure(db, { clientId: who.clientId, id }) };
}

it('is done for one person however many others are held', async () => {
  for (let held = 0; held < 12; held += 1) {
    const { checkId } = await anErasure();
    await db.query(`insert into legal_holds (check_id, reason) values ($1, 'a court')`, [checkId]);
  }
  const one = await anErasure();
  await finishErasures(deps);
  expect(await one.now()).toMatchObject({ erased: 1, finishedAt: expect.any(Date) });
});

it('is done for one person however many others fail', async () => {
  const failing = new Set<string>();
  for (let bad = 0; bad < 12; bad += 1) failing.add((await anErasure()).checkId);
  const one = await anErasure();
  const removeAllBut: typeof frameStore.removeAllBut = async (tx, checkId, keep) => {
    if (failing.has(checkId)) throw new Error('the store refuses');
    await frameStore.removeAllBut(tx, checkId, keep);
  };
  for (let round = 0; round < 2; round += 1)
    await expect(finishErasures({ ...deps, frameStore: { ...frameStore, removeAllBut } })).rejects.toThrow('failed');
  expect(await one.now()).toMatchObject({ erased: 1, finishedAt: expect.any(Date) });
});

it('is the one under way when it is asked for again, and covers what was made since', async () => {
  const { who, checkId, makeCheck, id, now } = await anErasure();
  await db.query(`insert into legal_holds (check_id, reason) values ($1, 'a court')`, [checkId]);
  const later = await makeCheck();
  expect(await requestErasure(db, who)).toMatchObject({ id });
  await finishErasures(deps);
  expect((await db.query('select from checks where id = $1', [later])).rowCount).toBe(0);
  expect(await now()).toMatchObject({ erased: 1, finishedAt: null });
  await db.query('delete from legal_holds');
  await finishErasures(deps);
  expect(await now()).toMatchObject({ erased: 2, finishedAt: expect.any(Date) });
  expect((await requestErasure(db, who)).id).not.toBe(id);
});

it('is forgotten, and whom it was about, a month after it finished', async () => {
  const [young, old] = [await anErasure(), await anErasure()];
  await finishErasures(deps);
  const finished = (id: string, days: number) =>
    db.query('update erasures set finished_at = now() - make_interval(days => $2) where id = $1', [id, days]);
  await finished(young.id, 29);
  await finished(old.id, 31);
  await purgeRecords(deps);
  expect([await young.now(), await old.now()]).toEqual([expect.objectContaining({ erased: 1 }), null]);
});

it('tells in the audit log how many checks went, and that it was asked for again', async () => {
  const { who, id } = await anErasure();
  await requestErasure(db, who);
  await finishErasures(deps);
  const { rows } = await db.query(`select action, details from audit_log where subject = $1 order by sequence`, [id]);
  expect(rows).toMatchObject([
    { action: 'erasures.insert', details: { erased: 0 } },
    { action: 'erasures.update', details: { requested_at: expect.any(String) } },
    { action: 'erasures.update', details: { erased: 1 } },
    { action: 'erasures.update', details: { finished_at: expect.any(String) } },
  ]);
});
