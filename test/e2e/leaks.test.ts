import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '@livegate/crypto/api-key';
import { aadFor, open } from '@livegate/crypto/envelope';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { openDatabase } from '@livegate/db/database';
import { migrate } from '@livegate/db/migrate';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { startLocalPostgres } from '@livegate/local-postgres/local-postgres';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { startRedis } from '@livegate/test-kit/global-setup';
import { integrator } from '@livegate/test-kit/integrator';
import { movableClock } from '@livegate/test-kit/movable-clock';
import { startService } from '@livegate/test-kit/processes';
import {
  imageSentinel,
  type Leak,
  leaksIn,
  leaksUnder,
  type Sentinel,
  textSentinel,
  unmistakable,
  withComment,
} from '@livegate/test-kit/sentinels';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { afterAll, expect, it, onTestFinished } from 'vitest';

const root = await mkdtemp(join(tmpdir(), 'livegate-leaks-'));
const places = { postgres: join(root, 'postgres'), redis: join(root, 'redis'), tmp: join(root, 'tmp') };
afterAll(() => rm(root, { recursive: true, force: true }));

/** Everything that an OTLP exporter sends: spans and metrics. */
async function startCollector() {
  let raw = '';
  const server = createServer(async (request, response) => {
    for await (const chunk of request) raw += chunk;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, raw: () => raw };
}

/** A Redis whose files can be looked into; null, said loudly, where there is none. */
async function startOwnRedis(): Promise<string | null> {
  await mkdir(places.redis);
  const redis = await startRedis(places.redis);
  if (redis) onTestFinished(redis.stop);
  else process.stderr.write('\n*** SKIPPED: no redis-server: no Redis file is looked through ***\n');
  return redis?.url ?? null;
}

/** What a thief of the database, or of its backup, has at one moment. */
type Stolen = { id: string; clientId: string; wrapped: Buffer; attempt: number; seq: number; sealed: Buffer };

it('lets nothing that went in be found or opened again after 36 minutes', async () => {
  await mkdir(places.tmp);
  const postgres = await startLocalPostgres({ dataDir: places.postgres });
  onTestFinished(postgres.stop);
  const db = openDatabase({ url: postgres.url, applicationName: 'test', maxConnections: 2, onError: () => undefined });
  const redisUrl = await startOwnRedis();
  const collector = await startCollector();
  const receiver = await startWebhookReceiver();
  onTestFinished(() => receiver.close());
  const migrating = openDatabase({ url: postgres.url, applicationName: 'test', onError: () => undefined });
  await migrate(migrating);
  await migrating.close();
  const clock = await movableClock(postgres.url);
  onTestFinished(db.close);

  const apiKey = newApiKey('live');
  const keyDir = join(root, 'keys');
  const server = startService('standalone', {
    LIVEGATE_PORT: '0',
    LIVEGATE_CHILDREN: '1',
    LIVEGATE_API_KEY: apiKey,
    LIVEGATE_DATA_DIR: join(root, 'data'),
    LIVEGATE_KEY_DIR: keyDir,
    LIVEGATE_LOG_LEVEL: 'debug',
    TMPDIR: places.tmp,
    DATABASE_URL: postgres.url,
    ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '500',
    OTEL_METRIC_EXPORT_TIMEOUT: '400',
  });
  const [, url = ''] = await server.printed(/URL {7}(\S+)/);

  // What goes in, each thing under a name of its own.
  const anywhere: Sentinel[] = [textSentinel('api key', apiKey)];
  const outside: Sentinel[] = [];
  const secretText = (name: string) => {
    const text = unmistakable(name);
    anywhere.push(textSentinel(name, text));
    return text;
  };
  const face = async (name: string) => {
    const image = withComment(await genuineFace(), secretText(`comment of ${name} `));
    anywhere.push(imageSentinel(name, image));
    return image;
  };
  const person = secretText('person');
  const hookPath = unmistakable('hook');
  const returnPath = unmistakable('return');
  // Addresses are kept to be called; they are nobody's to read in a log.
  outside.push(textSentinel('webhook path', hookPath), textSentinel('return path', returnPath));

  // A hosted check.
  const stolen: Stolen[] = [];
  const steal = async () => {
    const { rows } = await db.query(
      `select checks.id, client_id as "clientId", data_key as wrapped, attempt_of.attempt, seq, sealed
         from checks join frame_blobs attempt_of on check_id = checks.id where data_key is not null`,
    );
    stolen.push(...rows);
  };
  const backend = integrator({ url, apiKey });
  const check = await backend.create({
    return_url: `https://example.com/${returnPath}?secret=1`,
    webhook_url: `${receiver.url}/${hookPath}`,
    audit_images: 4,
    person_reference: person,
  });
  anywhere.push(textSentinel('webhook secret', check.secret), textSentinel('link', check.url.split('/').at(-1) ?? ''));
  outside.push(textSentinel('token', check.token));
  const hosted = await face('hosted frame');
  const capture = captureClient(check.url);
  const started = await capture.start();
  anywhere.push(textSentinel('capture session', String(started.body.session)));
  for (let seq = 0; seq < 8; seq += 1) await capture.putFrame(seq, hosted);
  await steal();
  await capture.finish();
  const answer = await backend.untilDone(check.token);
  expect(answer.body.result.image).toBeDefined();
  await eventually(() => expect(receiver.received).toHaveLength(1));
  await steal();

  // One-shot checks, and requests that are refused with everything wrong that can be.
  const bearer = { authorization: `Bearer ${apiKey}` };
  const json = { ...bearer, 'content-type': 'application/json' };
  const post = (path: string, init: RequestInit) => fetch(url + path, { method: 'POST', ...init });
  const verifik = '/v2/face-recognition/liveness';
  const oneShot = await face('one-shot image');
  const form = new FormData();
  form.append(
    'selfie',
    new Blob([new Uint8Array(await face('form image'))], { type: 'image/jpeg' }),
    secretText('filename'),
  );
  form.append('threshold', '0.5');
  const body = (fields: object) => JSON.stringify({ os: 'IOS', ...fields });
  const statuses = await Promise.all(
    [
      post(verifik, { headers: json, body: body({ image: oneShot.toString('base64') }) }),
      post('/v0.2/liveness-verification', {
        headers: { app_id: apiKey.split('_')[2] ?? '', app_key: apiKey },
        body: form,
      }),
      post('/api/onboarding/biometrics/face/liveliness_check/', {
        headers: { 'x-access-token': secretText('wrong token'), 'content-type': 'application/json' },
        body: body({ image: 'x' }),
      }),
      post(verifik, { headers: json, body: `{"os":"IOS","image":"${(await face('cut body')).toString('base64')}` }),
      post(verifik, { headers: json, body: body({ image: { nested: secretText('wrong type') } }) }),
      post(verifik, { headers: json, body: body({ image: `https://127.0.0.1:1/${secretText('image url')}` }) }),
      post(verifik, {
        headers: json,
        body: body({ image: (await face('broken image')).subarray(0, 3_000).toString('base64') }),
      }),
      post('/liveness_check', {
        headers: json,
        body: JSON.stringify({ return_url: `ftp://x/${secretText('bad url')}` }),
      }),
      fetch(`${url}/liveness_check?token=${secretText('unknown token')}`, { headers: bearer }),
      fetch(`${url}/liveness_check?token=x`, { headers: { authorization: `Bearer ${secretText('wrong bearer')}` } }),
      fetch(`${url}/c/${secretText('unknown link')}`),
      post(`/c/${secretText('unknown link to start')}/start`, { headers: json, body: '{}' }),
      post('/erasures', { headers: json, body: JSON.stringify({ person_reference: secretText('person to erase') }) }),
      post('/liveness_check', {
        headers: { ...json, 'x-person-reference': 'x'.repeat(300) + secretText('long') },
        body: '{}',
      }),
    ].map(async (request) => (await request).status),
  );
  expect(statuses).toEqual([200, 200, 401, 409, 409, 412, 412, 400, 400, 401, 404, 404, 202, 400]);

  // Time passes: for the database, and with it for everything that has an end.
  const before = stolen.length;
  expect(before).toBeGreaterThan(8);
  await clock.forward(36);
  await eventually(async () => {
    const { rows } = await db.query('select count(*)::int as blobs from frame_blobs');
    expect(rows[0].blobs).toBe(0);
    expect(await readdir(join(keyDir, 'epochs'))).toEqual([]);
  });
  const gone = (await backend.get(check.token)).body.result;
  expect(gone).toMatchObject({ passed: answer.body.result.passed, images_expired_at: expect.any(String) });
  expect(gone.image).toBeUndefined();
  await eventually(() => expect(collector.raw()).toContain('lv_checks_total'));
  server.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  await db.query('checkpoint');

  // Found nowhere: not in the files of the database or its log, nor in those of Redis, nor in what was left lying about.
  const leaks: Leak[] = [];
  for (const place of [places.postgres, ...(redisUrl ? [places.redis] : [])]) {
    const looked = await leaksUnder(place, anywhere);
    expect(looked.bytes, place).toBeGreaterThan(100);
    leaks.push(...looked.leaks);
  }
  leaks.push(...(await leaksUnder(places.tmp, [...anywhere, ...outside])).leaks);
  leaks.push(...(redisUrl ? (await leaksUnder(places.redis, outside)).leaks : []));
  for (const [place, text] of [
    ['standard error', server.stderr()],
    [
      'standard output',
      server
        .stdout()
        .replace(/API key {3}\S+/g, '')
        .replaceAll(apiKey, ''),
    ],
    ['traces and metrics', collector.raw()],
  ] as const) {
    expect(text.length, place).toBeGreaterThan(0);
    leaks.push(...leaksIn(place, text, [...anywhere, ...outside]));
  }
  expect(leaks).toEqual([]);

  // The search can find: what is kept by design is found by it.
  const kept = await leaksUnder(places.postgres, outside);
  expect(kept.leaks.map(({ sentinel }) => sentinel)).toEqual(expect.arrayContaining(['token', 'webhook path']));

  // Opened by nothing that is left: not by the ring, nor by any key file taken for any other.
  const ring = await openKeyRing({ dir: keyDir });
  const keys = (await keysUnder(keyDir)).filter((key) => key.length === 32);
  expect(keys.length).toBeGreaterThanOrEqual(3);
  for (const { id, clientId, wrapped, attempt, seq, sealed } of stolen) {
    const purpose = keyPurpose.frames(clientId, id);
    const aad = aadFor({ clientId, checkId: id, object: `${attempt}/${seq}`, kind: 'frame', version: 1 });
    expect(() => ring.unwrap(wrapped, purpose)).toThrow();
    for (const key of keys) {
      expect(() => open({ key, sealed: wrapped.subarray(8), aad: purpose })).toThrow();
      expect(() => open({ key, sealed, aad })).toThrow();
    }
  }
});

async function keysUnder(directory: string): Promise<Buffer[]> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
  );
  return texts.map((text) => Buffer.from(text.trim(), 'base64'));
}
