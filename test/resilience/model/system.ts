/** The real parts a model is compared with: the api over HTTP, the worker, lifecycle's sweeps, the dispatcher, one database. */
import { webhookBody } from '@livegate/contracts/webhook-event';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { createApiKey, revokeApiKey } from '@livegate/db/clients';
import type { Database } from '@livegate/db/database';
import { finishCheck } from '@livegate/db/finish-check';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { recordModelSet } from '@livegate/db/model-sets';
import { CHECK_TRANSITIONS, type CheckEvent, type CheckState, stateAfter } from '@livegate/domain/check-state';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { openInferencePool } from '@livegate/inference-worker/inference-pool';
import { runInference } from '@livegate/inference-worker/run-inference';
import { decideVerdicts } from '@livegate/lifecycle/sweeps/decide-verdicts';
import { enqueueDueBatches } from '@livegate/lifecycle/sweeps/enqueue-due-batches';
import { expireChecks } from '@livegate/lifecycle/sweeps/expire-checks';
import { failOverdue } from '@livegate/lifecycle/sweeps/fail-overdue';
import { purgeImages } from '@livegate/lifecycle/sweeps/purge-images';
import { openProducer } from '@livegate/queues/producer';
import { createLogger } from '@livegate/telemetry/logger';
import { startApi } from '@livegate/test-kit/api';
import { eventually } from '@livegate/test-kit/eventually';
import { startWebhookReceiver, type WebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { readConfig } from '@livegate/webhook-dispatcher/config';
import { wireWebhookDispatcher } from '@livegate/webhook-dispatcher/wiring';
import { afterAll } from 'vitest';

const SWEEPS = {
  decide: decideVerdicts,
  expire: expireChecks,
  fail: failOverdue,
  requeue: enqueueDueBatches,
  purge: purgeImages,
} as const;
export type SweepName = keyof typeof SWEEPS;
export const SWEEP_NAMES = Object.keys(SWEEPS) as SweepName[];

type Ending = Parameters<typeof finishCheck>[1]['ending'];
const VERDICT = { passed: false, confidence: 0, threshold: 50, reasons: [] };
const ENDINGS: Record<Exclude<CheckEvent, 'start'>, Ending> = {
  verdict: { event: 'verdict', verdict: VERDICT, score: 0.1, boundingBox: null, keptDataKey: null },
  fail: { event: 'fail', failureReason: 'deadline', reasons: [] },
  expire: { event: 'expire' },
};

export type Step = { status: number; body: Record<string, unknown>; replayed: boolean };
export type CreatedCheck = { id: string; token: string; link: string; secret: string };

export type System = {
  db: Database;
  receiver: WebhookReceiver;
  /** The client's own endpoint, which hears of every check, with its first secret. */
  endpoint: { id: string; secret: string; receiver: WebhookReceiver };
  /** A POST to one of our own routes, under the present key. */
  post(path: string, body: unknown): Promise<Step>;
  /** The event that told of a check's end, or null. */
  eventOf(checkId: string): Promise<string | null>;
  create(idempotencyKey: string): Promise<CreatedCheck & { replayed: boolean }>;
  /** With the present key, or with one that was rotated away. */
  get(token: string, key?: 'present' | 'former'): Promise<Step>;
  capture(link: string, step: { path: string; method: string; session?: string; body: unknown }): Promise<Step>;
  sweep(name: SweepName): Promise<unknown>;
  /** Runs the jobs of all open batches of a check, each first under a former generation, which must change nothing. */
  score(checkId: string): Promise<void>;
  /** Tries an event past everything but the database, as a faulty service would. */
  force(checkId: string, event: CheckEvent): Promise<'moved' | 'refused'>;
  stateOf(checkId: string): Promise<CheckState>;
  /** Time passes for one check: everything that has a time moves into the past. */
  advance(checkId: string, seconds: number): Promise<void>;
  rotateKey(): Promise<void>;
};

const MODEL_SET = { digest: 'c'.repeat(64), profile: 'baseline', models: [], recipe: {} };

/** Closed after the test file. */
export async function startSystem(): Promise<System> {
  const { url, apiKey, database, keyDir } = await startApi();
  const { db } = database;
  const receiver = await startWebhookReceiver();
  const endpointReceiver = await startWebhookReceiver();
  const logger = createLogger({ service: 'model', level: 'silent' });
  const keyRing = await openKeyRing({ dir: keyDir });
  const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
  const producer = await openProducer({ backend: { kind: 'postgres', url: database.url }, onError: () => undefined });
  const pool = openInferencePool({
    size: 1,
    settings: { profile: 'baseline', modelsDir: '', manifest: null, provider: 'cpu', observesHeads: true },
    limitMs: 10_000,
    onChildLost: () => undefined,
    program: new URL('./scoring-child.mjs', import.meta.url),
  });
  const dispatcher = await wireWebhookDispatcher({
    ...readConfig({
      LIVEGATE_MODE: 'development',
      LIVEGATE_KEY_DIR: keyDir,
      LIVEGATE_LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
    }),
    healthPort: null,
  });
  afterAll(async () => {
    await dispatcher.stop();
    await pool.close();
    await producer.close();
    await receiver.close();
    await endpointReceiver.close();
  });

  await recordModelSet(db, MODEL_SET);
  const keys = { present: apiKey, former: newApiKey('live') };
  // One browser: each check has a cookie of its own name.
  const cookies = new Map<string, string>();
  const call = async (path: string, init: RequestInit = {}): Promise<Step> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(url + path, { ...init, headers: { ...init.headers, ...(cookie ? { cookie } : {}) } });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const text = await response.text();
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    return { status: response.status, body: text ? JSON.parse(text) : {}, replayed };
  };
  const json = { 'content-type': 'application/json' };
  const findId = async (token: string): Promise<string> =>
    (await db.query('select id from checks where token = $1', [token])).rows[0].id;

  const post = (path: string, body: unknown) =>
    call(path, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${keys.present}` },
      body: JSON.stringify(body),
    });
  const { body: endpoint } = await post('/webhook_endpoints', { url: endpointReceiver.url });

  return {
    db,
    receiver,
    endpoint: { id: String(endpoint.id), secret: String(endpoint.secret), receiver: endpointReceiver },
    post,
    eventOf: async (checkId) =>
      (await db.query('select id from events where check_id = $1 and terminal', [checkId])).rows[0]?.id ?? null,
    create: async (idempotencyKey) => {
      const wish = {
        return_url: 'https://example.com/return',
        webhook_url: receiver.url,
        threshold: 50,
        challenge: 'none',
      };
      const headers = { ...json, authorization: `Bearer ${keys.present}`, 'idempotency-key': idempotencyKey };
      const { status, body, replayed } = await call('/liveness_check', {
        method: 'POST',
        headers,
        body: JSON.stringify(wish),
      });
      if (status !== 201) throw new Error(`create: ${status} ${JSON.stringify(body)}`);
      const token = String(body.token);
      const link = new URL(String(body.url)).pathname;
      await call(`${link}/status`);
      return { id: await findId(token), token, link, secret: String(body.secret), replayed };
    },
    get: (token, key = 'present') =>
      call(`/liveness_check?token=${token}`, { headers: { authorization: `Bearer ${keys[key]}` } }),
    capture: async (link, { path, method, session = '', body }) => {
      // How long this machine lets a batch wait is not modelled: without this a slow one would be found overloaded.
      await db.query('update frame_batches set created_at = now() where scored_at is null');
      return call(`${link}/${path}`, {
        method,
        headers: { 'x-capture-session': session, ...(Buffer.isBuffer(body) ? { 'content-type': 'image/jpeg' } : json) },
        body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
      });
    },
    sweep: (name) => SWEEPS[name]({ db, frameStore, keyRing, producer, logger }),
    score: async (checkId) => {
      const { rows } = await db.query(
        `select id, generation from frame_batches where check_id = $1 and scored_at is null order by created_at, id`,
        [checkId],
      );
      for (const { id, generation } of rows) {
        // A child that crashed is replaced within a moment.
        await eventually(() => pool.requireReady().then(() => true));
        const deps = { db, frameStore, keyRing, pool, profile: 'baseline', modelSet: MODEL_SET.digest, logger };
        await runInference(deps, { batchId: id, generation: generation + 1 });
        await runInference(deps, { batchId: id, generation });
      }
    },
    force: async (checkId, event) => {
      const before = await stateOf(db, checkId);
      const to = stateAfter(event);
      if (event !== 'start') {
        const ending = ENDINGS[event];
        await db.transaction((tx) => finishCheck(tx, { checkId, ending, buildBody: webhookBody }));
      }
      const isLegal = CHECK_TRANSITIONS.some((row) => row.from === before && row.to === to);
      if (!isLegal && before !== to) await mustBeRefused(db, checkId, to);
      return (await stateOf(db, checkId)) === before ? 'refused' : 'moved';
    },
    stateOf: (checkId) => stateOf(db, checkId),
    advance: async (checkId, seconds) => {
      await db.query(
        `update checks set link_expires_at = link_expires_at - make_interval(secs => $2),
                deadline_at = deadline_at - make_interval(secs => $2),
                images_expire_at = images_expire_at - make_interval(secs => $2) where id = $1`,
        [checkId, seconds],
      );
      await db.query(
        `update frames set image_expires_at = image_expires_at - make_interval(secs => $2) where check_id = $1`,
        [checkId, seconds],
      );
      await db.query(`update frame_batches set due_at = due_at - make_interval(secs => $2) where check_id = $1`, [
        checkId,
        seconds,
      ]);
    },
    rotateKey: async () => {
      const next = newApiKey('live');
      const former = parseApiKey(keys.present);
      const parsed = parseApiKey(next);
      if (!former || !parsed) throw new Error('a key of ours does not parse');
      const { rows } = await db.query('select client_id from api_keys where id = $1', [former.keyId]);
      await createApiKey(db, { clientId: rows[0].client_id, ...parsed });
      await revokeApiKey(db, former.keyId);
      keys.former = keys.present;
      keys.present = next;
    },
  };
}

async function stateOf(db: Database, checkId: string): Promise<CheckState> {
  return (await db.query('select state from checks where id = $1', [checkId])).rows[0].state;
}

/** The last line: Postgres itself refuses a transition that is not in the table, with all other columns as it wants them. */
async function mustBeRefused(db: Database, checkId: string, to: CheckState): Promise<void> {
  const attempt = db.query(
    `update checks set state = $2::check_state, finished_at = case when $2 in ('complete', 'expired', 'failed') then now() end,
            passed = case when $2 = 'complete' then false end where id = $1`,
    [checkId, to],
  );
  const refused = await attempt.then(
    () => false,
    (error: Error) => /no transition leads from/.test(error.message),
  );
  if (!refused) throw new Error(`Postgres let a check move to ${to}`);
}
