import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startCapture } from '@livegate/db/checks';
import { aCheck } from '@livegate/test-kit/builders';
import { eventually } from '@livegate/test-kit/eventually';
import { attackFace, emptyRoom, genuineFace } from '@livegate/test-kit/faces';
import { startStack } from '@livegate/test-kit/stack';
import { afterAll, describe, expect, it } from 'vitest';

const face = await genuineFace();
const room = await emptyRoom();
const stack = await startStack();
const [, keyId = '', secretPart = ''] = /^lv_live_([^_]{12})_(.+)$/.exec(stack.apiKey) ?? [];

const photos = createServer((request, response) => {
  if (request.url === '/face.jpg') response.end(face);
  else if (request.url === '/moved') response.writeHead(302, { location: '/face.jpg' }).end();
  else response.writeHead(404).end();
}).listen(0, '127.0.0.1');
await once(photos, 'listening');
const photoUrl = `http://127.0.0.1:${(photos.address() as AddressInfo).port}`;
afterAll(() => void photos.close());

const answerOf = async (response: Response) => ({
  status: response.status,
  headers: response.headers,
  text: await response.clone().text(),
  body: (await response.json()) as Record<string, unknown>,
});

const verifik = async (
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${stack.apiKey}` },
  path = '/v2/face-recognition/liveness',
) =>
  answerOf(
    await fetch(stack.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );

const kairos = async (
  image: Buffer | null,
  {
    threshold,
    headers = { app_id: keyId, app_key: stack.apiKey },
    path = '/v0.1/liveness-verification',
  }: { threshold?: string; headers?: Record<string, string>; path?: string } = {},
) => {
  const form = new FormData();
  if (image) form.set('selfie', new Blob([new Uint8Array(image)]), 'selfie.jpg');
  if (threshold !== undefined) form.set('threshold', threshold);
  return answerOf(await fetch(stack.url + path, { method: 'POST', headers, body: form }));
};

const smartcomply = async (
  body: unknown,
  headers: Record<string, string> = { 'x-access-token': stack.apiKey },
  slash = '/',
) =>
  answerOf(
    await fetch(`${stack.url}/api/onboarding/biometrics/face/liveliness_check${slash}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );

const base64 = face.toString('base64');

describe('one image, four contracts', () => {
  it('gives the same core score to all of them, each printed and compared in its own way', async () => {
    const v = await verifik({ os: 'DESKTOP', image: base64 });
    const k = await kairos(face);
    const s = await smartcomply({ image: `${photoUrl}/face.jpg` });
    expect([v.status, k.status, s.status]).toEqual([200, 200, 200]);
    const unrounded = (s.body as { data: { confidence: number } }).data.confidence;
    const rounded = Number(unrounded.toFixed(4));
    expect(v.body).toEqual({
      id: expect.stringMatching(/^[A-Z0-9]{5}$/),
      data: { passed: true, min_score: 0.6, liveness_score: rounded },
      signature: {
        message: 'Certified by Verifik.co',
        dateTime: expect.stringMatching(/^[A-Z][a-z]+ \d{1,2}, \d{4} \d{1,2}:\d\d [AP]M$/),
      },
    });
    expect(k.body).toEqual({
      api_req_uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      processed_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      requested_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      response_code: 0,
      response_data: {
        faces_liveness: rounded,
        faces_predicted: [expect.anything()],
        img: { height: 720, width: 960 },
      },
    });
    expect(s.body).toEqual({
      status: 'success',
      data: {
        status: true,
        detail: 'Liveliness Detected',
        response_code: '00',
        confidence: unrounded,
        confidence_in_percentage: unrounded * 100,
        verification: { status: 'VERIFIED', reference: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        widget_info: {},
        session: {},
      },
      message: 'Face Liveliness successful',
    });
    // Equality: strict on Verifik, inclusive on Kairos.
    expect((await verifik({ os: 'IOS', image: base64, liveness_min_score: rounded })).body).toMatchObject({
      data: { passed: false },
    });
    expect((await kairos(face, { threshold: String(rounded) })).body).toMatchObject({ response_code: 0 });
  });

  it('keeps no image and tells nobody: the rows say what was decided', async () => {
    await verifik({ os: 'DESKTOP', image: base64 });
    const { rows } = await stack.db.query(
      `select kind, state, passed, (select count(*)::int from frame_blobs where check_id = checks.id) as blobs,
              (select count(*)::int from deliveries where check_id = checks.id) as deliveries, data_key is null as keyless
         from checks where kind = 'instant' order by created_at desc limit 1`,
    );
    expect(rows[0]).toEqual({
      kind: 'instant',
      state: 'complete',
      passed: true,
      blobs: 0,
      deliveries: 0,
      keyless: true,
    });
  });

  it('never passes what has no face, whatever the threshold', async () => {
    const v = await verifik({ os: 'DESKTOP', image: room.toString('base64'), liveness_min_score: 0 });
    expect(v.body).toMatchObject({ data: { passed: false, liveness_score: 0 } });
    expect(v.headers.get('x-liveness-reason')).toBe('NO_FACE');
    const k = await kairos(room, { threshold: '0' });
    expect(k.body).toMatchObject({ response_code: 2, response_data: { faces_liveness: 0, faces_predicted: [] } });
    expect(k.text).toContain('"faces_liveness":0.0');
    const s = await smartcomply({ image: `data:image/jpeg;base64,${room.toString('base64')}` });
    expect(s.body).toMatchObject({
      status: 'success',
      data: { status: false, response_code: '01', verification: { status: 'FAILED' } },
      message: 'Face Liveliness failed',
    });
  });

  it('never passes a real attack', async () => {
    const attack = await attackFace('minivision-image_F1');
    if (!attack) return;
    expect((await verifik({ os: 'DESKTOP', image: attack.toString('base64') })).body).toMatchObject({
      data: { passed: false },
    });
    expect((await kairos(attack)).body).toMatchObject({ response_code: 2 });
  });

  it('answers on every address the documents name', async () => {
    expect(
      (
        await verifik(
          { os: 'WEB', image: `data:image/jpeg;base64,${base64}` },
          undefined,
          '/v2/face-recognition/liveness-score',
        )
      ).status,
    ).toBe(200);
    expect(
      (await kairos(face, { path: '/v0.2/liveness-verification', headers: { 'app-id': keyId, 'app-key': secretPart } }))
        .status,
    ).toBe(200);
    expect((await smartcomply({ image: base64 }, undefined, '')).status).toBe(200);
  });
});

describe('faults, in each contract’s own shape', () => {
  const missing = (message: string) => ({ status: 409, body: { message, code: 'MissingParameter' } });
  const notImage = { status: 412, body: { message: 'only_images_in_base64', code: 'ERROR' } };
  it.each([
    ['no os', { image: 'x' }, missing('"os" is required')],
    ['no image', { os: 'IOS' }, missing('"image" is required')],
    ['an empty os', { os: '', image: 'x' }, missing('"os" is not allowed to be empty')],
    ['a number as image', { os: 'IOS', image: 7 }, missing('"image" must be a string')],
    [
      'a long os',
      { os: 'x'.repeat(65), image: 'x' },
      missing('"os" length must be less than or equal to 64 characters long'),
    ],
    [
      'a score as text',
      { os: 'IOS', image: 'x', liveness_min_score: '0.6' },
      missing('"liveness_min_score" must be a number'),
    ],
    [
      'a score above 1',
      { os: 'IOS', image: 'x', liveness_min_score: 1.1 },
      missing('"liveness_min_score" must be less than or equal to 1'),
    ],
    [
      'a score below 0',
      { os: 'IOS', image: 'x', liveness_min_score: -0.1 },
      missing('"liveness_min_score" must be greater than or equal to 0'),
    ],
    ['a foreign collection', { os: 'IOS', image: base64, collection_id: 'col_x' }, missing('collection_not_found')],
    ['an array', [], missing('"value" must be of type object')],
    ['broken JSON', '{"os":', missing('The body is not valid JSON.')],
    ['text that is no base64', { os: 'IOS', image: 'not base64!' }, notImage],
    ['base64 of a GIF', { os: 'IOS', image: Buffer.from('GIF89a, truly').toString('base64') }, notImage],
    ['a truncated JPEG', { os: 'IOS', image: face.subarray(0, 2_000).toString('base64') }, notImage],
    ['a URL into a private network', { os: 'IOS', image: 'https://10.0.0.1/x.jpg' }, notImage],
    ['a URL that moved', { os: 'IOS', image: `${photoUrl}/moved` }, notImage],
    ['a URL that is not there', { os: 'IOS', image: `${photoUrl}/nothing` }, notImage],
  ])('Verifik: %s', async (_name, body, expected) => {
    expect(await verifik(body)).toMatchObject(expected);
  });

  it('Verifik: who is not known, and whose key has ended', async () => {
    expect(await verifik({}, {})).toMatchObject({
      status: 401,
      body: { message: 'Authentication required', code: 'UNAUTHORIZED' },
    });
    await stack.db.query('update api_keys set expires_at = now() where id = $1', [keyId]);
    expect(await verifik({})).toMatchObject({ status: 403, body: { message: 'token_expired', code: 'FORBIDDEN' } });
    await stack.db.query('update api_keys set expires_at = null where id = $1', [keyId]);
  });

  it.each([
    ['no selfie', null, {}],
    ['a threshold above 1', face, { threshold: '1.2' }],
    ['a threshold that is no number', face, { threshold: 'high' }],
    ['a selfie that is no image', Buffer.from('<svg/>'), {}],
  ])('Kairos: %s', async (_name, image, options) => {
    expect(await kairos(image, options)).toMatchObject({
      status: 400,
      body: { error: { code: expect.any(String), message: expect.any(String) }, api_req_uid: expect.any(String) },
    });
  });

  it('Kairos: wrong credentials are 401, never 403, and a form is needed', async () => {
    for (const headers of [
      {},
      { app_id: keyId },
      { app_id: 'AAAAAAAAAAAA', app_key: stack.apiKey },
      { app_id: keyId, app_key: 'x' },
    ]) {
      expect((await kairos(face, { headers: headers as Record<string, string> })).status).toBe(401);
    }
    const json = await fetch(`${stack.url}/v0.1/liveness-verification`, {
      method: 'POST',
      headers: { app_id: keyId, app_key: stack.apiKey, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(400);
  });

  it('Smartcomply: 400 with an empty array, 401 without data', async () => {
    expect(await smartcomply({})).toMatchObject({
      status: 400,
      body: { status: 'failed', data: [], message: 'Missing required fields' },
    });
    expect((await smartcomply({ image: 'https://127.0.0.1.nip.example/x' })).body).toMatchObject({
      status: 'failed',
      data: [],
    });
    expect((await smartcomply({}, {})).body).toEqual({
      status: 'failed',
      message: 'Authentication credentials were not provided.',
    });
    expect((await smartcomply({}, { 'x-access-token': 'wrong' })).body).toEqual({
      status: 'failed',
      message: 'Invalid API key.',
    });
  });
});

describe('overload and impatience', () => {
  it('refuses at once, with Retry-After, when what waits is too old', async () => {
    const { id } = await aCheck(stack.db);
    await startCapture(stack.db, { checkId: id, sessionDigest: Buffer.alloc(32) });
    await stack.db.query(
      `insert into frame_batches (id, check_id, attempt, created_at, due_at) values ('bat_old', $1, 1, now() - interval '1 minute', now() + interval '1 hour')`,
      [id],
    );
    const refused = await eventually(async () => {
      const answer = await smartcomply({ image: base64 });
      if (answer.status !== 503) throw new Error(`${answer.status}`);
      return answer;
    });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.body).toMatchObject({ status: 'failed', data: [] });
    await stack.db.query(`delete from frame_batches where id = 'bat_old'`);
  });

  it('ends the check of a caller who left', async () => {
    const controller = new AbortController();
    await stack.db.query('select pg_sleep(0.3)');
    const call = fetch(`${stack.url}/v2/face-recognition/liveness`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ os: 'LEAVER', image: base64 }),
      signal: controller.signal,
    }).catch(() => null);
    const state = () => stack.db.query(`select state from checks where capture_os = 'LEAVER'`);
    await eventually(async () => (await state()).rows.length === 1);
    controller.abort();
    await call;
    await eventually(async () => ['failed', 'complete'].includes((await state()).rows[0].state));
    expect(
      (
        await stack.db.query(
          `select 1 from frame_blobs join checks on checks.id = check_id where capture_os = 'LEAVER'`,
        )
      ).rowCount,
    ).toBe(0);
  });
});
