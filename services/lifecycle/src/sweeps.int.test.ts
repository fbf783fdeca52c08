import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webhookEvent } from '@livegate/contracts/webhook-event';
import { newDataKey, openKeyRing } from '@livegate/crypto/key-ring';
import { acceptSubmission, findCheckByToken, startCapture } from '@livegate/db/checks';
import { claimBatch, insertBatch, markScored } from '@livegate/db/frame-batches';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { assignFramesToBatch, insertFrame, recordFrameScores } from '@livegate/db/frames';
import { newId } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { FrameScore } from '@livegate/domain/verdict';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import type { Producer } from '@livegate/queues/producer';
import { createLogger } from '@livegate/telemetry/logger';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { decideCheck } from './decide-check.ts';
import { decideVerdicts } from './sweeps/decide-verdicts.ts';
import { enqueueDueBatches } from './sweeps/enqueue-due-batches.ts';
import { failOverdue } from './sweeps/fail-overdue.ts';
import { purgeImages } from './sweeps/purge-images.ts';

const { db } = await cloneDatabase();
const enqueued: string[] = [];
let queueIsAway = false;
const producer: Producer = {
  enqueue: async (_name, payload, { front = false } = {}) => {
    if (queueIsAway) throw new Error('the queue is away');
    if ('batchId' in payload) enqueued.push(`${payload.batchId}/${payload.generation}${front ? ' in front' : ''}`);
  },
  count: async () => ({}),
  countWorkers: async () => 0,
  close: async () => undefined,
};
const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
const keyDirectory = await mkdtemp(join(tmpdir(), 'livegate-lifecycle-'));
afterAll(() => rm(keyDirectory, { recursive: true }));
const keyRing = await openKeyRing({ dir: keyDirectory });
const deps = { db, frameStore, keyRing, producer, logger: createLogger({ service: 'test', level: 'silent' }) };
const box = { left: 0.3, top: 0.2, width: 0.4, height: 0.5 };
const scored = (score: number): FrameScore => ({ score, reasons: [], boundingBox: box });
const faceless: FrameScore = { score: null, reasons: ['NO_FACE'], boundingBox: null };

/** A submitted check with one batch of these frames, scored unless `open`. */
async function aSubmission(
  frames: FrameScore[],
  { open = false, ...overrides }: Parameters<typeof aCheck>[1] & { open?: boolean } = {},
) {
  const [id, clientId] = [newId('check'), await aClient(db)];
  const dataKey = keyRing.wrap(newDataKey(), keyPurpose.frames(clientId, id));
  const check = await aCheck(db, { id, clientId, dataKey, webhookUrl: 'https://example.com/hook', ...overrides });
  const sessionDigest = randomBytes(32);
  await startCapture(db, { checkId: check.id, sessionDigest });
  const { batchId } = await insertBatch(db, { checkId: check.id, attempt: 1, traceparent: null });
  for (const seq of frames.keys()) {
    await insertFrame(db, { checkId: check.id, attempt: 1, seq, bytes: 3 });
    await insertFrameBlob(db, { checkId: check.id, attempt: 1, seq }, randomBytes(40));
  }
  await assignFramesToBatch(db, { checkId: check.id, attempt: 1, batchId, limit: 8 });
  if (!open) {
    await claimBatch(db, { batchId, generation: 1 });
    await markScored(db, { batchId, generation: 1, modelProfile: 'baseline' });
    await recordFrameScores(db, {
      batchId,
      frames: frames.map((frame, seq) => ({
        ...frame,
        seq,
        width: 640,
        height: 480,
        faces: [],
        sha256: randomBytes(32),
      })),
    });
  }
  await acceptSubmission(db, { checkId: check.id, sessionDigest });
  const now = async () => {
    const found = await findCheckByToken(db, { clientId: check.clientId, token: check.token, sandbox: false });
    if (!found) throw new Error('the check is gone');
    return found;
  };
  return { id: check.id, batchId, now };
}
const blobsOf = async (id: string) =>
  (await db.query('select seq from frame_blobs where check_id = $1 order by seq', [id])).rows.map((row) => row.seq);
const eventsOf = async (id: string) =>
  (await db.query('select body from events where check_id = $1', [id])).rows.map((row) =>
    JSON.parse(row.body.toString()),
  );

describe('a verdict', () => {
  it('is the median against the threshold, keeps probe and audit images, and drops every other frame', async () => {
    const { id, now } = await aSubmission([0.2, 0.8, 0.9, 0.85, 0.99, 0.86].map(scored), { auditImages: 2 });
    await decideVerdicts(deps);
    expect(await now()).toMatchObject({
      state: 'complete',
      passed: true,
      confidence: 85.5,
      boundingBox: box,
      modelProfile: 'baseline',
      imagesReadable: true,
    });
    expect(await blobsOf(id)).toHaveLength(3);
    const [event] = await eventsOf(id);
    expect(webhookEvent.parse(event)).toMatchObject({ event: 'complete', sequence: 1 });
  });

  it('is reached once, however many lifecycles decide at the same time', async () => {
    const { id } = await aSubmission([0.1, 0.1, 0.1].map(scored));
    const decisions = await Promise.all(Array.from({ length: 6 }, () => decideCheck(deps, id)));
    expect(decisions.filter(Boolean)).toHaveLength(1);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('waits for every batch', async () => {
    const { id, now } = await aSubmission([0.9, 0.9, 0.9].map(scored), { open: true });
    expect(await decideCheck(deps, id)).toBe(false);
    expect((await now()).state).toBe('in_progress');
  });

  it('is not reached from too few scored frames: the person tries again, with words and without old frames', async () => {
    const { id, now } = await aSubmission([scored(0.99), faceless, faceless, faceless]);
    expect(await decideCheck(deps, id)).toBe(true);
    expect(await now()).toMatchObject({
      state: 'in_progress',
      attempt: 2,
      submittedAt: null,
      attemptWords: expect.stringContaining('oval'),
    });
    expect(await blobsOf(id)).toEqual([]);
    expect(await eventsOf(id)).toEqual([]);
  });

  it('fails instead when the last attempt is used or the link has ended', async () => {
    for (const change of ['attempts_allowed = 1', 'link_expires_at = now()']) {
      const { id, now } = await aSubmission([faceless, faceless, faceless], { threshold: 0 });
      await db.query(`update checks set ${change} where id = $1`, [id]);
      await decideCheck(deps, id);
      expect(await now()).toMatchObject({
        state: 'failed',
        passed: null,
        failureReason: 'attempts_exhausted',
        reasons: ['NO_FACE'],
        dataKey: null,
      });
    }
  });
});

describe('the sweeps', () => {
  it('fail what passed its deadline and what was given up, each with its reason', async () => {
    const late = await aSubmission([scored(0.9)], { open: true });
    await db.query('update checks set deadline_at = now() where id = $1', [late.id]);
    const poisoned = await aSubmission([scored(0.9)], { open: true });
    await db.query('update frame_batches set given_up_at = now() where id = $1', [poisoned.batchId]);
    const healthy = await aSubmission([scored(0.9)], { open: true });
    await failOverdue(deps);
    expect(await late.now()).toMatchObject({ state: 'failed', failureReason: 'deadline', passed: null });
    expect(await poisoned.now()).toMatchObject({ state: 'failed', failureReason: 'processing_error', passed: null });
    expect((await healthy.now()).state).toBe('in_progress');
    expect(await blobsOf(late.id)).toEqual([]);
  });

  it('enqueue what the queue lost or never got, until it has it', async () => {
    const { batchId } = await aSubmission([scored(0.9)], { open: true });
    const due = () => db.query('update frame_batches set due_at = now() where id = $1', [batchId]);
    const seen = () => enqueued.filter((job) => job.startsWith(batchId));
    await due();
    queueIsAway = true;
    await expect(enqueueDueBatches(deps)).rejects.toThrow('the queue is away');
    queueIsAway = false;
    await enqueueDueBatches(deps);
    expect(seen()).toEqual([]);
    await due();
    await enqueueDueBatches(deps);
    expect(seen()).toEqual([`${batchId}/3`]);
    await enqueueDueBatches(deps);
    expect(seen()).toHaveLength(1);
  });

  it('put what has waited long in front of the queue, the oldest foremost', async () => {
    const ages = { young: '1 second', old: '20 seconds', oldest: '40 seconds' };
    const ids: Record<string, string> = {};
    for (const [name, age] of Object.entries(ages)) {
      const { batchId } = await aSubmission([scored(0.9)], { open: true });
      await db.query(`update frame_batches set due_at = now(), created_at = now() - $2::interval where id = $1`, [
        batchId,
        age,
      ]);
      ids[name] = batchId;
    }
    enqueued.length = 0;
    await enqueueDueBatches(deps);
    const mine = enqueued.filter((job) => Object.values(ids).some((id) => job.startsWith(id)));
    expect(mine).toEqual([`${ids.young}/2`, `${ids.old}/2 in front`, `${ids.oldest}/2 in front`]);
  });

  it('delete images and their key when their time is over, and keep the result', async () => {
    const { id, now } = await aSubmission([0.9, 0.9, 0.9].map(scored));
    await decideCheck(deps, id);
    await purgeImages(deps);
    expect(await blobsOf(id)).toHaveLength(1);
    await db.query('update checks set images_expire_at = now() where id = $1', [id]);
    await purgeImages(deps);
    expect(await blobsOf(id)).toEqual([]);
    expect(await now()).toMatchObject({ state: 'complete', passed: true, dataKey: null, imagesReadable: false });
  });
});
