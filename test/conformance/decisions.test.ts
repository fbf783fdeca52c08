/**
 * Where the documents are silent or ambiguous: one test per decision, named after it, over real HTTP. The bodies of the
 * statuses are golden.test.ts's; what a document does not say about them is here.
 */
import { createHmac } from 'node:crypto';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey, createClient } from '@livegate/db/clients';
import { createCollection } from '@livegate/db/collections';
import { CONTRACTS, type ContractName } from '@livegate/domain/thresholds';
import { decideVerdict } from '@livegate/domain/verdict';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { emptyRoom, genuineFace } from '@livegate/test-kit/faces';
import { plainPicture, washedOut } from '@livegate/test-kit/pictures';
import { startStack } from '@livegate/test-kit/stack';
import { type Received, startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, it } from 'vitest';
import {
  credentials,
  globaldataCreate,
  globaldataRetrieve,
  kairos,
  selfie,
  smartcomply,
  threshold,
  verifik,
} from './contracts.ts';
import { servePhotos } from './photos.ts';
import { send, type WireAnswer, type WireRequest } from './wire.ts';

const face = await genuineFace();
const base64 = face.toString('base64');
const room = await emptyRoom();
const stack = await startStack();
const keys = credentials(stack.apiKey);
const receiver = await startWebhookReceiver();
afterAll(() => receiver.close());
const photos = await servePhotos({ '/face.jpg': face, '/text.jpg': Buffer.from('no image') });

const ask = (request: WireRequest): Promise<WireAnswer> => send(stack.url, request);
const wish = { return_url: 'https://example.com/return', challenge: 'none' };
const create = (body: object = {}) => ask(globaldataCreate({ ...wish, ...body }, keys.bearer));
const retrieve = (token: string) => ask(globaldataRetrieve(`?token=${token}`, keys.bearer));
const untilDone = (token: string) =>
  eventually(async () => {
    const answer = await retrieve(token);
    if (answer.status === 202) throw new Error('still waiting');
    return answer;
  });
const expire = (token: string) => stack.db.query('update checks set link_expires_at = now() where token = $1', [token]);
const webhookOf = (token: string): Promise<Received> =>
  eventually(() => {
    const found = receiver.received.find(({ body }) => body.includes(token));
    if (!found) throw new Error('no webhook yet');
    return found;
  });
const post = {
  verifik: (body: object = {}) => ask(verifik({ os: 'DESKTOP', image: base64, ...body }, keys.bearer)),
  kairos: (parts: Parameters<typeof kairos>[0] = [selfie(face)]) => ask(kairos(parts, keys.app)),
  smartcomply: (body: object = {}) => ask(smartcomply({ image: base64, ...body }, keys.token)),
};

async function aStrangersKey(): Promise<string> {
  const key = newApiKey('live');
  const clientId = await createClient(stack.db, { name: `stranger ${key.slice(8, 20)}` });
  await createApiKey(stack.db, {
    clientId,
    ...(parseApiKey(key) as NonNullable<ReturnType<typeof parseApiKey>>),
  });
  return key;
}

type Decision = [row: string, holds: () => Promise<unknown>];

describe('GlobalData, create', () => {
  it.each<Decision>([
    [
      'status 201, and Location leads to the GET',
      async () => {
        const { status, headers, json } = await create();
        expect([status, headers.location]).toEqual([201, `/liveness_check?token=${json.token}`]);
        expect((await ask({ method: 'GET', path: String(headers.location), headers: keys.bearer })).status).toBe(202);
      },
    ],
    [
      'reference is a UUID v4 on every answer, errors included, and also X-Request-ID',
      async () => {
        for (const answer of [await create(), await create({ threshold: 100 }), await retrieve('x')]) {
          expect(answer.json.reference).toMatch(
            /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
          );
          expect(answer.headers['x-request-id']).toBe(answer.json.reference);
        }
      },
    ],
    [
      'audit_images is 0 by default: the key is left out of the result',
      async () => {
        const { json } = await create({ threshold: 0 });
        await captureClient(json.url).submit(face);
        expect((await untilDone(json.token)).json.result).not.toHaveProperty('audit_images');
      },
    ],
    [
      'threshold is 70 and the link lasts 10 minutes by default',
      async () => {
        const { json } = await create();
        const { rows } = await stack.db.query(
          `select threshold::int, round(extract(epoch from link_expires_at - created_at) / 60)::int as minutes from checks where token = $1`,
          [json.token],
        );
        expect(rows[0]).toEqual({ threshold: 70, minutes: 10 });
      },
    ],
    [
      'out of range and wrong types are 400, never clamped: JSON integers only',
      async () => {
        for (const field of ['link_valid_mins', 'threshold', 'audit_images']) {
          for (const value of ['10', 10.5, true, null, [], {}, -1, 1e9]) {
            const { status, json } = await create({ [field]: value });
            expect([field, value, status, json.error.field]).toEqual([field, value, 400, field]);
          }
        }
      },
    ],
    [
      'both ends of every range are in it',
      async () => {
        for (const ends of [
          { link_valid_mins: 5, threshold: 0, audit_images: 0 },
          { link_valid_mins: 30, threshold: 99, audit_images: 4 },
        ])
          expect((await create(ends)).status).toBe(201);
      },
    ],
    ['keys that are not known are ignored', async () => expect((await create({ colour: 'blue' })).status).toBe(201)],
    [
      'URLs: https, public, at most 2,048 characters, no user or password; http to loopback in development',
      async () => {
        const refused = [
          'http://example.com/',
          'https://10.0.0.1/',
          'https://[::1]:x/',
          'https://user@example.com/',
          'https://user:secret@example.com/',
          'https://localhost.example.local/',
          `https://example.com/${'x'.repeat(2_030)}`,
          'https://example.com:8443/',
          'ftp://example.com/',
          'javascript:alert(1)',
          '//example.com/',
          'https://exa mple.com/',
          'https://example.com/\u0000',
          '',
        ];
        for (const url of refused) {
          expect([url, (await create({ return_url: url })).json.error?.field]).toEqual([url, 'return_url']);
          expect([url, (await create({ webhook_url: url })).json.error?.field]).toEqual([url, 'webhook_url']);
        }
        for (const url of ['http://127.0.0.1:1/', 'http://localhost:65535/x?y', 'http://[::1]/'])
          expect([url, (await create({ return_url: url, webhook_url: url })).status]).toEqual([url, 201]);
      },
    ],
    [
      'webhook_url is echoed as it came, and left out when it was not supplied',
      async () => {
        const url = 'https://hooks.Example.com/a/../b?c=%20d&e';
        expect((await create({ webhook_url: url })).json.webhook_url).toBe(url);
        expect((await create()).json).not.toHaveProperty('webhook_url');
      },
    ],
    [
      'token, link and secret: forms, and how they are stored',
      async () => {
        const { json } = await create();
        expect(json.token).toMatch(/^[A-Za-z0-9]{32}$/);
        expect(json.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
        const link = json.url.split('/c/')[1];
        expect(Buffer.from(link, 'base64url')).toHaveLength(32);
        const { rows } = await stack.db.query('select row_to_json(checks)::text as row from checks where token = $1', [
          json.token,
        ]);
        expect(rows[0].row).not.toContain(link);
        expect(rows[0].row).not.toContain(Buffer.from(json.secret).toString('hex'));
      },
    ],
    [
      'Signature is the hex HMAC-SHA-256 of the raw body under the whole secret as printed; Standard Webhooks beside it',
      async () => {
        const { json } = await create({ webhook_url: receiver.url });
        await expire(json.token);
        const { headers, body } = await webhookOf(json.token);
        expect(headers.signature).toBe(createHmac('sha256', json.secret).update(body).digest('hex'));
        new Webhook(json.secret).verify(body.toString(), headers as Record<string, string>);
        expect(headers['content-type']).toBe('application/json');
      },
    ],
    [
      'the webhook is thin: seven fields at most, no verdict',
      async () => {
        const { json } = await create({ webhook_url: receiver.url });
        await expire(json.token);
        const { body } = await webhookOf(json.token);
        expect(body.toString()).toMatch(
          new RegExp(
            `^{"id":"evt_[A-Za-z0-9]+","event":"expired","token":"${json.token}","reference":"${json.reference}","created_at":"[0-9T:.-]+Z","sequence":1}$`,
          ),
        );
      },
    ],
    [
      'complete comes only after the verdict: an immediate GET gives 200',
      async () => {
        const { json } = await create({ webhook_url: receiver.url, threshold: 0 });
        await captureClient(json.url).submit(face);
        expect(JSON.parse((await webhookOf(json.token)).body.toString()).event).toBe('complete');
        expect((await retrieve(json.token)).status).toBe(200);
      },
    ],
    [
      'a failed event is sent',
      async () => {
        const { json } = await create({ webhook_url: receiver.url });
        const person = captureClient(json.url);
        for (let attempt = 1; attempt <= 3; attempt += 1) {
          await person.submit(room);
          await eventually(async () => (await person.status()).body.state !== 'processing');
        }
        expect(JSON.parse((await webhookOf(json.token)).body.toString()).event).toBe('failed');
      },
    ],
    [
      'lc_token is the token; the query and the fragment of return_url are kept',
      async () => {
        const { json } = await create({ return_url: 'https://shop.example.com/back?cart=7#top' });
        await expire(json.token);
        expect((await captureClient(json.url).status()).body.redirect_url).toBe(
          `https://shop.example.com/back?cart=7&lc_token=${json.token}&error=expired#top`,
        );
      },
    ],
    [
      'error values: expired, failed, cancelled, camera_denied',
      async () => {
        const { json } = await create();
        for (const error of ['cancelled', 'camera_denied']) {
          const left = await ask({
            path: `${new URL(json.url).pathname}/abandon`,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ error }),
          });
          expect(left.json.redirect_url).toBe(`https://example.com/return?lc_token=${json.token}&error=${error}`);
        }
      },
    ],
    [
      'the link may be opened again until a submission is accepted; one capture is active',
      async () => {
        const { json } = await create({ threshold: 0 });
        const first = captureClient(json.url);
        const second = first.otherTab();
        expect([(await first.start()).status, (await second.start()).status]).toEqual([200, 200]);
        expect((await first.putFrame(0, face)).body.code).toBe('capture_superseded');
        expect((await captureClient(json.url).start()).body.code).toBe('capture_elsewhere');
        await second.submit(face);
        expect((await second.start()).body.code).toBe('capture_closed');
      },
    ],
  ])('%s', (_row, holds) => holds() as Promise<void>);
});

describe('GlobalData, retrieve', () => {
  it.each<Decision>([
    [
      'failed is 200, not passed, confidence 0, with its reason',
      async () => {
        const { json } = await create();
        await captureClient(json.url).start();
        await stack.db.query(
          `update checks set state = 'failed', finished_at = now(), failure_reason = 'deadline', passed = null where token = $1`,
          [json.token],
        );
        const { status, json: body } = await retrieve(json.token);
        expect(status).toBe(200);
        expect(body).toMatchObject({
          status: 'failed',
          failure_reason: 'deadline',
          result: { passed: false, confidence: 0 },
        });
      },
    ],
    [
      'an attack is complete and not passed, never failed',
      async () => {
        const { json } = await create({ threshold: 99 });
        await captureClient(json.url).submit(await washedOut(face));
        expect((await untilDone(json.token)).json).toMatchObject({
          status: 'complete',
          result: { passed: false, reasons: ['PRESENTATION_ATTACK'] },
        });
      },
    ],
    [
      '202 has the status, the token, the reference and Retry-After: 2',
      async () => {
        const { json } = await create();
        const { headers, json: body } = await retrieve(json.token);
        expect([body, headers['retry-after']]).toEqual([
          { status: 'pending', token: json.token, reference: json.reference },
          '2',
        ]);
      },
    ],
    [
      '410 for the life of the record',
      async () => {
        const { json } = await create();
        await expire(json.token);
        for (let poll = 0; poll < 3; poll += 1) expect((await retrieve(json.token)).status).toBe(410);
        await eventually(async () => {
          const { rows } = await stack.db.query('select state from checks where token = $1', [json.token]);
          if (rows[0].state !== 'expired') throw new Error('the sweep has not come by');
        });
        expect((await retrieve(json.token)).status).toBe(410);
      },
    ],
    [
      'another client’s token cannot be told from an unknown one, to the byte',
      async () => {
        const { json } = await create();
        const stranger = credentials(await aStrangersKey());
        const [foreign, unknown] = await Promise.all(
          [json.token, 'x'.repeat(32)].map((token) => ask(globaldataRetrieve(`?token=${token}`, stranger.bearer))),
        );
        const shown = (answer: WireAnswer | undefined) => ({
          status: answer?.status,
          text: answer?.text.replaceAll(answer.json.reference, ''),
          headers: Object.entries(answer?.headers ?? {}).filter(([name]) => !['date', 'x-request-id'].includes(name)),
        });
        expect(shown(foreign)).toEqual(shown(unknown));
        expect(foreign?.status).toBe(400);
      },
    ],
    [
      'in_progress comes with the capture’s start, not with a look at the page',
      async () => {
        const { json } = await create();
        const page = await ask({ method: 'GET', path: new URL(json.url).pathname });
        expect([page.status, (await retrieve(json.token)).json.status]).toEqual([200, 'pending']);
        await captureClient(json.url).start();
        expect((await retrieve(json.token)).json.status).toBe('in_progress');
      },
    ],
    [
      'a submission before expiry is processed although the link expires meanwhile',
      async () => {
        const { json } = await create({ threshold: 0 });
        await captureClient(json.url).submit(face);
        await expire(json.token);
        expect((await untilDone(json.token)).status).toBe(200);
      },
    ],
    [
      'types: confidence 0 to 100 of two decimals, threshold an integer, checked_at UTC in milliseconds',
      async () => {
        const { json } = await create({ threshold: 55 });
        await captureClient(json.url).submit(face);
        const { result } = (await untilDone(json.token)).json;
        expect(result.confidence).toBe(Number(result.confidence.toFixed(2)));
        expect(result.threshold).toBe(55);
        expect(new Date(result.checked_at).toISOString()).toBe(result.checked_at);
        const { left, top, width, height } = result.bounding_box;
        expect(Math.max(left + width, top + height)).toBeLessThanOrEqual(1);
      },
    ],
    [
      'audit images: with boxes, as many as asked for at most',
      async () => {
        const { json } = await create({ threshold: 0, audit_images: 4 });
        await captureClient(json.url).submit(face);
        const { result } = (await untilDone(json.token)).json;
        expect(result.audit_images).toHaveLength(4);
        for (const item of result.audit_images) expect(Object.keys(item)).toEqual(['image', 'bounding_box']);
      },
    ],
    [
      'Cache-Control: no-store on every answer',
      async () => {
        for (const answer of [await create(), await retrieve('x'), await ask(globaldataRetrieve('?token=x', {}))])
          expect(answer.headers['cache-control']).toBe('no-store');
      },
    ],
    [
      'a token in the query and another in the header is none',
      async () => {
        const { json } = await create();
        const both = (token: string) =>
          ask(globaldataRetrieve(`?token=${json.token}`, { ...keys.bearer, 'x-check-token': token }));
        expect([(await both(json.token)).status, (await both('x'.repeat(32))).status]).toEqual([202, 400]);
      },
    ],
  ])('%s', (_row, holds) => holds() as Promise<void>);
});

describe('Verifik', () => {
  it.each<Decision>([
    [
      '401 for an absent, malformed or unknown token, 403 for a known one that ended',
      async () => {
        const key = await aStrangersKey();
        const status = async (authorization?: string) =>
          (await ask(verifik({}, authorization ? { authorization } : {}))).status;
        for (const header of [
          undefined,
          'Bearer',
          'Bearer  ',
          `Basic ${key}`,
          `Bearer ${newApiKey('live')}`,
          'Bearer x',
        ])
          expect([header, await status(header)]).toEqual([header, 401]);
        expect(await status(`bearer ${key}`)).toBe(409);
        for (const change of ['revoked_at = now()', `revoked_at = null, expires_at = now()`]) {
          await stack.db.query(`update api_keys set ${change} where id = $1`, [parseApiKey(key)?.keyId]);
          expect(await status(`Bearer ${key}`)).toBe(403);
        }
      },
    ],
    [
      'liveness_min_score from 0 to 1 inclusive; at 1 nothing passes',
      async () => {
        expect((await post.verifik({ liveness_min_score: 0 })).json.data).toMatchObject({ passed: true, min_score: 0 });
        expect((await post.verifik({ liveness_min_score: 1 })).json.data).toMatchObject({
          passed: false,
          min_score: 1,
        });
        for (const [value, message] of [
          [-0.01, '"liveness_min_score" must be greater than or equal to 0'],
          [1.01, '"liveness_min_score" must be less than or equal to 1'],
          ['0.6', '"liveness_min_score" must be a number'],
          [null, '"liveness_min_score" must be a number'],
        ])
          expect((await post.verifik({ liveness_min_score: value })).json).toEqual({
            message,
            code: 'MissingParameter',
          });
      },
    ],
    [
      'every fault of the body is 409 MissingParameter, broken JSON too',
      async () => {
        for (const body of [
          '',
          '{',
          '[]',
          'null',
          '"x"',
          '1',
          '{"os":1}',
          '{"os":""}',
          '{"os":"a","os":"b","image":"x"}',
        ]) {
          const { status, json } = await ask(verifik(body, keys.bearer));
          expect([body, status, json.code]).toEqual([body, 409, 'MissingParameter']);
        }
        const form = { ...keys.bearer, 'content-type': 'application/x-www-form-urlencoded' };
        expect((await ask(verifik('os=IOS', form))).json.message).toBe('"os" is required');
      },
    ],
    [
      'what is no image, or cannot be fetched, is 412',
      async () => {
        const images = [
          'x',
          'data:image/jpeg;base64,',
          `${photos}/none.jpg`,
          `${photos}/text.jpg`,
          'https://10.0.0.1/',
        ];
        for (const image of [...images, Buffer.from('GIF89a').toString('base64')]) {
          const { status, json } = await post.verifik({ image });
          expect([image, status, json]).toEqual([image, 412, { message: 'only_images_in_base64', code: 'ERROR' }]);
        }
      },
    ],
    [
      'no face: 200, not passed, score 0, the reason in a header',
      async () => {
        const { status, headers, json } = await post.verifik({ image: room.toString('base64'), liveness_min_score: 0 });
        expect([status, json.data, headers['x-liveness-reason']]).toEqual([
          200,
          { passed: false, min_score: 0, liveness_score: 0 },
          'NO_FACE',
        ]);
      },
    ],
    [
      'collection_id: only the client’s own',
      async () => {
        const { rows } = await stack.db.query(`select id from clients where name = 'default'`);
        const own = await createCollection(stack.db, { clientId: rows[0].id, name: 'conformance' });
        const foreign = await createCollection(stack.db, {
          clientId: await createClient(stack.db, { name: 'owner of another collection' }),
          name: 'conformance',
        });
        expect((await post.verifik({ collection_id: own })).status).toBe(200);
        const filed = await stack.db.query('select 1 from checks where collection_id = $1', [own]);
        expect(filed.rowCount).toBe(1);
        for (const id of [foreign, 'col_nobody', '\u0000']) {
          const { status, json } = await post.verifik({ collection_id: id });
          expect([status, json.code]).toEqual([409, 'MissingParameter']);
        }
      },
    ],
    [
      'os: any text of 1 to 64 characters',
      async () => {
        for (const os of ['DESKTOP', 'IOS', 'ANDROID', 'toaster', '電話', 'x'.repeat(64)])
          expect([os, (await post.verifik({ os })).status]).toEqual([os, 200]);
        for (const os of ['', 'x'.repeat(65), 7, null, '\u0000'])
          expect([os, (await post.verifik({ os })).status]).toEqual([os, 409]);
      },
    ],
    [
      'base64 with line breaks, a data URI and a URL are the same image',
      async () => {
        const lines = base64.replace(/.{76}/g, '$&\r\n');
        const scores = [];
        for (const image of [base64, lines, `data:image/jpeg;base64,${base64}`, `${photos}/face.jpg`])
          scores.push((await post.verifik({ image })).json.data?.liveness_score);
        expect(new Set(scores).size).toBe(1);
        expect(scores[0]).toBeGreaterThan(0);
      },
    ],
  ])('%s', (_row, holds) => holds() as Promise<void>);
});

describe('Kairos', () => {
  it.each<Decision>([
    [
      'coordinates: pixels from the top left, within the picture, four decimals',
      async () => {
        const { response_data: data } = (await post.kairos()).json;
        const [{ confidence, delta, top_left: corner }] = data.faces_predicted;
        expect(corner.x + delta.x).toBeLessThanOrEqual(data.img.width);
        expect(corner.y + delta.y).toBeLessThanOrEqual(data.img.height);
        expect(delta.x).toBeGreaterThan(50);
        for (const value of [confidence, delta.x, delta.y, corner.x, corner.y])
          expect(value).toBe(Number(value.toFixed(4)));
      },
    ],
    [
      'floats are printed as floats: 0.0, never 0',
      async () =>
        expect((await post.kairos([selfie(room)])).text).toContain('"faces_liveness":0.0,"faces_predicted":[]'),
    ],
    ['threshold absent: 0.6', async () => expect((await post.kairos()).json.response_code).toBe(0)],
    [
      'threshold is form text from 0 to 1; anything else is 400',
      async () => {
        for (const text of ['0', '1', '0.6', '.5', '1.0', '1e-3', ' 0.5 '])
          expect([text, (await post.kairos([selfie(face), threshold(text)])).status]).toEqual([text, 200]);
        for (const text of ['', '1.1', '-0.1', 'high', '0x1', 'NaN', 'Infinity', '0,5', '1e999', '٠.٥'])
          expect([text, (await post.kairos([selfie(face), threshold(text)])).status]).toEqual([text, 400]);
      },
    ],
    [
      'a small picture is not rejected: the document’s own sample is 95 by 71',
      async () => {
        const { status, json } = await post.kairos([selfie(await plainPicture(95, 71))]);
        expect([status, json.response_code, json.response_data.img]).toEqual([200, 2, { height: 71, width: 95 }]);
      },
    ],
    [
      'more than 5,000 pixels is 400; 5,000 is not',
      async () => {
        expect((await post.kairos([selfie(await plainPicture(5_000, 8))])).status).toBe(200);
        expect((await post.kairos([selfie(await plainPicture(8, 5_001))])).status).toBe(400);
      },
    ],
    [
      'both spellings of the headers, and app_key whole or as its secret part',
      async () => {
        const { app_id: id = '', app_key: key = '' } = keys.app;
        const secret = key.split('_').slice(3).join('_');
        for (const headers of [
          { app_id: id, app_key: key },
          { 'app-id': id, 'app-key': key },
          { APP_ID: id, 'App-Key': secret },
        ])
          expect((await ask(kairos([selfie(face)], headers as never))).status).toBe(200);
      },
    ],
    [
      'wrong credentials are 401, never 403',
      async () => {
        for (const headers of [
          {},
          { app_id: 'x' },
          { app_key: keys.app.app_key },
          { ...keys.app, app_id: 'A'.repeat(12) },
        ])
          expect((await ask(kairos([selfie(face)], headers as never))).status).toBe(401);
      },
    ],
    [
      'parts that are not known are ignored, a second selfie is not',
      async () => {
        const extra = { name: 'note', value: 'hello', filename: 'note.txt', type: 'text/plain' };
        expect((await post.kairos([extra, selfie(face), { name: 'colour', value: 'blue' }])).status).toBe(200);
        expect((await post.kairos([selfie(face), selfie(face)])).status).toBe(400);
        expect((await post.kairos([selfie(face), { name: 'selfie', value: 'text' }])).status).toBe(400);
        expect((await post.kairos([selfie(face), threshold('0.5'), threshold('0.5')])).status).toBe(400);
      },
    ],
  ])('%s', (_row, holds) => holds() as Promise<void>);
});

describe('Smartcomply', () => {
  it.each<Decision>([
    [
      'not live: status success, code "01", FAILED, and the liveness probability as confidence',
      async () => {
        const { status, json } = await post.smartcomply({ image: room.toString('base64') });
        expect(status).toBe(200);
        expect(json).toMatchObject({
          status: 'success',
          data: { status: false, response_code: '01', confidence: 0, verification: { status: 'FAILED' } },
          message: 'Face Liveliness failed',
        });
      },
    ],
    [
      'the percentage is a hundred times the confidence, and neither is rounded',
      async () => {
        const { confidence, confidence_in_percentage: percentage } = (await post.smartcomply()).json.data;
        expect(percentage).toBe(confidence * 100);
        expect(String(confidence).length).toBeGreaterThan(8);
      },
    ],
    ['base64 is an image, too, beyond the document', async () => expect((await post.smartcomply()).status).toBe(200)],
    [
      'a wrong key is 401 in the same shape, without data',
      async () => {
        const { status, text } = await ask(smartcomply({}, { 'x-access-token': 'wrong' }));
        expect([status, text]).toEqual([401, '{"status":"failed","message":"Invalid API key."}']);
      },
    ],
    [
      'data is an empty array on every refusal but 401',
      async () => {
        for (const body of [
          {},
          { image: '' },
          { image: 7 },
          { image: null },
          [],
          { image: 'x' },
          { image: `${photos}/none` },
        ]) {
          const { status, json } = await ask(smartcomply(body, keys.token));
          expect([body, status, json.status, json.data]).toEqual([body, 400, 'failed', []]);
          expect(json.message).not.toBe('');
        }
      },
    ],
    [
      'a URL must be https and public: nothing is dialled for any other',
      async () => {
        for (const image of ['https://169.254.169.254/x', 'http://example.com/x.jpg', 'https://user@example.com/x.jpg'])
          expect([image, (await post.smartcomply({ image })).status]).toEqual([image, 400]);
      },
    ],
  ])('%s', (_row, holds) => holds() as Promise<void>);
});

describe('round first, then compare the number that is printed', () => {
  const rules: { contract: ContractName; score: number; printed: number; decimals: number }[] = [
    { contract: 'globaldata', score: 0.700049, printed: 70, decimals: 2 },
    { contract: 'verifik', score: 0.600049, printed: 0.6, decimals: 4 },
    { contract: 'kairos', score: 0.599951, printed: 0.6, decimals: 4 },
    { contract: 'smartcomply', score: 0.6, printed: 0.6, decimals: 17 },
  ];
  it.each(rules)('$contract, on each side of equality', ({ contract, score, printed, decimals }) => {
    const at = (threshold: number) => decideVerdict(contract, { score, reasons: [] }, threshold);
    expect(at(printed).confidence).toBe(printed);
    expect(at(printed).passed).toBe(CONTRACTS[contract].comparator === '>=');
    const step = 10 ** -Math.min(decimals, 4);
    expect(at(printed - step).passed).toBe(true);
    expect(at(printed + step).passed).toBe(false);
  });

  it('Verifik on the wire: a minimum equal to the printed score fails, one step below passes', async () => {
    const score: number = (await post.verifik()).json.data.liveness_score;
    const passes = async (minimum: number) => (await post.verifik({ liveness_min_score: minimum })).json.data;
    expect(await passes(score)).toEqual({ passed: false, min_score: score, liveness_score: score });
    expect((await passes(Number((score - 0.0001).toFixed(4)))).passed).toBe(true);
  });

  it('Kairos on the wire: a threshold equal to the printed score passes, one step above fails', async () => {
    const score: number = (await post.kairos()).json.response_data.faces_liveness;
    const code = async (text: string) => (await post.kairos([selfie(face), threshold(text)])).json.response_code;
    expect(await code(score.toFixed(4))).toBe(0);
    expect(await code(Math.min(1, score + 0.0001).toFixed(4))).toBe(score === 1 ? 0 : 2);
  });

  it('the same image has the same score on all contracts, and no score passes at any threshold', async () => {
    const exact: number = (await post.smartcomply()).json.data.confidence;
    expect((await post.verifik()).json.data.liveness_score).toBe(Number(exact.toFixed(4)));
    expect((await post.kairos()).json.response_data.faces_liveness).toBe(Number(exact.toFixed(4)));
    expect((await post.kairos([selfie(room), threshold('0')])).json.response_code).toBe(2);
    expect((await post.verifik({ image: room.toString('base64'), liveness_min_score: 0 })).json.data.passed).toBe(
      false,
    );
  });
});
