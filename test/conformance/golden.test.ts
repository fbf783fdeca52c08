/** Every status of every document, by what it takes to get it, with its body to the byte. */
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { addKeyToDefaultClient } from '@livegate/db/clients';
import { startApi } from '@livegate/test-kit/api';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { emptyRoom, genuineFace } from '@livegate/test-kit/faces';
import { plainPicture, sideBySide, washedOut } from '@livegate/test-kit/pictures';
import { startStack } from '@livegate/test-kit/stack';
import { describe, it } from 'vitest';
import {
  credentials,
  globaldataCreate,
  globaldataRetrieve,
  KAIROS_PATHS,
  kairos,
  SMARTCOMPLY_PATHS,
  selfie,
  smartcomply,
  threshold,
  VERIFIK_PATHS,
  verifik,
} from './contracts.ts';
import { GLOBALDATA } from './golden/globaldata.ts';
import { expectGolden, type Golden } from './golden/golden.ts';
import { KAIROS } from './golden/kairos.ts';
import { SMARTCOMPLY } from './golden/smartcomply.ts';
import { VERIFIK } from './golden/verifik.ts';
import { send, type WireAnswer, type WireRequest } from './wire.ts';

const face = await genuineFace();
const room = await emptyRoom();
const crowd = await sideBySide(face, face);
const wide = await plainPicture(5_001, 8);
const tenMegabytes = Buffer.concat([face, Buffer.alloc(10 * 1024 * 1024)]);

const stack = await startStack();
// The same contracts without anyone to score, on a database that a test may break.
const lone = await startApi();
const known = credentials(stack.apiKey);
const stranger = credentials(newApiKey('live'));
const ended = credentials(await aKeyThatEnded());

async function aKeyThatEnded(): Promise<string> {
  const key = newApiKey('live');
  await addKeyToDefaultClient(stack.db, parseApiKey(key) as NonNullable<ReturnType<typeof parseApiKey>>);
  await stack.db.query('update api_keys set expires_at = now() where id = $1', [parseApiKey(key)?.keyId]);
  return key;
}

type Case = { when: string; golden: Golden; ask: () => WireRequest | Promise<WireRequest> };
const ask = async (request: WireRequest): Promise<WireAnswer> => send(stack.url, request);
const verify = (cases: Case[]) =>
  it.each(cases)('$golden.status: $when', async ({ golden, ask: build }) => {
    expectGolden(await ask(await build()), golden);
  });

const wish = { return_url: 'https://example.com/return' };
type Made = { token: string; url: string; reference: string };
const create = async (body: object = {}): Promise<Made> =>
  (await ask(globaldataCreate({ ...wish, challenge: 'none', ...body }, known.bearer))).json;
const retrieve = (token: string) => globaldataRetrieve(`?token=${token}`, known.bearer);
const done = (token: string) =>
  eventually(async () => {
    if ((await ask(retrieve(token))).status === 202) throw new Error('still waiting');
  });

async function aCompleteCheck(body: object, picture = face): Promise<Made> {
  const made = await create(body);
  await captureClient(made.url).submit(picture);
  await done(made.token);
  return made;
}

describe('GlobalData, create', () => {
  verify([
    {
      when: 'the document’s own example',
      golden: GLOBALDATA.createdWithWebhook,
      ask: () =>
        globaldataCreate(
          {
            return_url: 'https://example.com/return',
            webhook_url: 'https://example.com/webhook',
            link_valid_mins: 10,
            threshold: 70,
            audit_images: 2,
          },
          known.bearer,
        ),
    },
    { when: 'the one required field', golden: GLOBALDATA.created, ask: () => globaldataCreate(wish, known.bearer) },
    {
      when: 'no return_url',
      golden: GLOBALDATA.fault('return_url', 'return_url is required.'),
      ask: () => globaldataCreate({}, known.bearer),
    },
    {
      when: 'a link that lasts too long',
      golden: GLOBALDATA.fault('link_valid_mins', 'link_valid_mins must be an integer from 5 to 30.'),
      ask: () => globaldataCreate({ ...wish, link_valid_mins: 31 }, known.bearer),
    },
    {
      when: 'a threshold that only >= could reach',
      golden: GLOBALDATA.fault('threshold', 'threshold must be an integer from 0 to 99.'),
      ask: () => globaldataCreate({ ...wish, threshold: 100 }, known.bearer),
    },
    {
      when: 'too many audit images',
      golden: GLOBALDATA.fault('audit_images', 'audit_images must be an integer from 0 to 4.'),
      ask: () => globaldataCreate({ ...wish, audit_images: 5 }, known.bearer),
    },
    {
      when: 'a webhook_url that is none',
      golden: GLOBALDATA.fault('webhook_url', 'webhook_url must be a URL.'),
      ask: () => globaldataCreate({ ...wish, webhook_url: null }, known.bearer),
    },
    {
      when: 'a body that is no JSON',
      golden: GLOBALDATA.malformed,
      ask: () => globaldataCreate('{"return_url":', known.bearer),
    },
    { when: 'no credentials', golden: GLOBALDATA.unauthenticated, ask: () => globaldataCreate(wish, {}) },
    {
      when: 'a stranger’s key',
      golden: GLOBALDATA.unauthenticated,
      ask: () => globaldataCreate(wish, stranger.bearer),
    },
    { when: 'a key that ended', golden: GLOBALDATA.keyEnded, ask: () => globaldataCreate(wish, ended.bearer) },
    {
      when: 'another method',
      golden: GLOBALDATA.wrongMethod,
      ask: () => ({ ...globaldataCreate(wish, known.bearer), method: 'PUT' }),
    },
    {
      when: 'a body beyond 64 KB',
      golden: GLOBALDATA.tooLarge,
      ask: () => globaldataCreate({ ...wish, pad: 'x'.repeat(70_000) }, known.bearer),
    },
    {
      when: 'an Idempotency-Key of another wish',
      golden: GLOBALDATA.mismatch,
      ask: async () => {
        const headers = { ...known.bearer, 'idempotency-key': 'golden' };
        await ask(globaldataCreate(wish, headers));
        return globaldataCreate({ ...wish, threshold: 5 }, headers);
      },
    },
  ]);
});

describe('GlobalData, retrieve', () => {
  verify([
    { when: 'created, not started', golden: GLOBALDATA.pending, ask: async () => retrieve((await create()).token) },
    {
      when: 'capture active',
      golden: GLOBALDATA.inProgress,
      ask: async () => {
        const made = await create();
        await captureClient(made.url).start();
        return retrieve(made.token);
      },
    },
    {
      when: 'complete and passed, audit images requested',
      golden: GLOBALDATA.passedWithAuditImages,
      ask: async () => retrieve((await aCompleteCheck({ audit_images: 2, threshold: 0 })).token),
    },
    {
      when: 'complete and passed, no audit images requested',
      golden: GLOBALDATA.passed,
      ask: async () => retrieve((await aCompleteCheck({ threshold: 0 })).token),
    },
    {
      when: 'complete and not passed',
      golden: GLOBALDATA.notPassed,
      ask: async () => retrieve((await aCompleteCheck({ threshold: 99 }, await washedOut(face))).token),
    },
    {
      when: 'half an hour after it was complete: without images',
      golden: GLOBALDATA.imagesGone,
      ask: async () => {
        const { token } = await aCompleteCheck({ threshold: 0, audit_images: 1 });
        await stack.db.query(
          `update checks set images_expire_at = images_expire_at - interval '31 minutes' where token = $1`,
          [token],
        );
        return retrieve(token);
      },
    },
    {
      when: 'failed: nothing that could be scored in three attempts',
      golden: GLOBALDATA.failed,
      ask: async () => {
        const { token, url } = await create();
        const person = captureClient(url);
        for (let attempt = 1; attempt <= 3; attempt += 1) {
          await eventually(async () => person.submit(room));
          await eventually(async () => {
            if ((await person.status()).body.state === 'processing') throw new Error('still processing');
          });
        }
        await done(token);
        return retrieve(token);
      },
    },
    {
      when: 'the link expired',
      golden: GLOBALDATA.expired,
      ask: async () => {
        const { token } = await create();
        await stack.db.query('update checks set link_expires_at = now() where token = $1', [token]);
        return retrieve(token);
      },
    },
    { when: 'an unknown token', golden: GLOBALDATA.unknownToken, ask: () => retrieve('x'.repeat(32)) },
    { when: 'a token of another form', golden: GLOBALDATA.unknownToken, ask: () => retrieve('x') },
    { when: 'no token', golden: GLOBALDATA.tokenRequired, ask: () => globaldataRetrieve('', known.bearer) },
    { when: 'no credentials', golden: GLOBALDATA.unauthenticated, ask: () => globaldataRetrieve('?token=x', {}) },
  ]);
});

const base64 = face.toString('base64');

describe.each(VERIFIK_PATHS)('Verifik, POST %s', (path) => {
  const post = (body: unknown, headers = known.bearer) => verifik(body, headers, path);
  verify([
    {
      when: 'live',
      golden: VERIFIK.passed,
      ask: () => post({ os: 'DESKTOP', image: base64, liveness_min_score: 0.01 }),
    },
    {
      when: 'live, without a threshold',
      golden: VERIFIK.passedByDefault,
      ask: () => post({ os: 'IOS', image: base64 }),
    },
    {
      when: 'below the threshold',
      golden: VERIFIK.notPassed,
      ask: () => post({ os: 'ANDROID', image: base64, liveness_min_score: 1 }),
    },
    { when: 'no face', golden: VERIFIK.noFace, ask: () => post({ os: 'DESKTOP', image: room.toString('base64') }) },
    {
      when: 'two faces',
      golden: VERIFIK.twoFaces,
      ask: () => post({ os: 'DESKTOP', image: crowd.toString('base64') }),
    },
    { when: 'no credentials', golden: VERIFIK.unauthenticated, ask: () => post({}, {} as never) },
    { when: 'a stranger’s key', golden: VERIFIK.unauthenticated, ask: () => post({}, stranger.bearer) },
    { when: 'a key that ended', golden: VERIFIK.keyEnded, ask: () => post({}, ended.bearer) },
    { when: 'no os', golden: VERIFIK.fault('\\"os\\" is required'), ask: () => post({ image: base64 }) },
    { when: 'no image', golden: VERIFIK.fault('\\"image\\" is required'), ask: () => post({ os: 'IOS' }) },
    {
      when: 'a threshold out of range',
      golden: VERIFIK.fault('\\"liveness_min_score\\" must be less than or equal to 1'),
      ask: () => post({ os: 'IOS', image: base64, liveness_min_score: 1.01 }),
    },
    {
      when: 'a collection of nobody',
      golden: VERIFIK.fault('collection_not_found'),
      ask: () => post({ os: 'IOS', image: base64, collection_id: 'col_nobody' }),
    },
    { when: 'a body that is no JSON', golden: VERIFIK.fault('The body is not valid JSON.'), ask: () => post('{"os"') },
    { when: 'text that is no image', golden: VERIFIK.notAnImage, ask: () => post({ os: 'IOS', image: 'hello' }) },
    {
      when: 'more than 10 MB',
      golden: VERIFIK.tooLarge,
      ask: () => post({ os: 'IOS', image: tenMegabytes.toString('base64') }),
    },
    { when: 'another method', golden: VERIFIK.wrongMethod, ask: () => ({ ...post({}), method: 'PATCH' }) },
  ]);
});

describe.each(KAIROS_PATHS)('Kairos, POST %s', (path) => {
  const post = (parts: Parameters<typeof kairos>[0], headers = known.app) => kairos(parts, headers, path);
  verify([
    { when: 'live', golden: KAIROS.live, ask: () => post([selfie(face), threshold('0.01')]) },
    { when: 'below the threshold', golden: KAIROS.notLive, ask: () => post([selfie(face), threshold('1')]) },
    { when: 'no face', golden: KAIROS.noFace, ask: () => post([selfie(room)]) },
    { when: 'two faces', golden: KAIROS.twoFaces, ask: () => post([selfie(crowd), threshold('0')]) },
    { when: 'no credentials', golden: KAIROS.unauthenticated, ask: () => post([selfie(face)], {} as never) },
    { when: 'a stranger’s key', golden: KAIROS.unauthenticated, ask: () => post([selfie(face)], stranger.app) },
    {
      when: 'a key that ended: 403 is for limits only',
      golden: KAIROS.keyEnded,
      ask: () => post([selfie(face)], ended.app),
    },
    { when: 'no selfie', golden: KAIROS.fault('selfie is required, as a file.'), ask: () => post([threshold('0.5')]) },
    {
      when: 'a threshold above 1',
      golden: KAIROS.fault('threshold must be one number from 0 to 1.'),
      ask: () => post([selfie(face), threshold('1.5')]),
    },
    { when: 'a selfie that is no image', golden: KAIROS.notAnImage, ask: () => post([selfie(Buffer.from('<svg/>'))]) },
    { when: 'more than 5,000 pixels', golden: KAIROS.tooWide, ask: () => post([selfie(wide)]) },
    { when: 'more than 10 MB', golden: KAIROS.tooLarge, ask: () => post([selfie(tenMegabytes)]) },
    {
      when: 'JSON instead of a form',
      golden: KAIROS.notAForm,
      ask: () => ({ path, headers: { ...known.app, 'content-type': 'application/json' }, body: '{}' }),
    },
    { when: 'another method', golden: KAIROS.wrongMethod, ask: () => ({ method: 'GET', path, headers: known.app }) },
  ]);
});

describe.each(SMARTCOMPLY_PATHS)('Smartcomply, POST %s', (path) => {
  const post = (body: unknown, headers = known.token) => smartcomply(body, headers, path);
  verify([
    { when: 'live', golden: SMARTCOMPLY.live, ask: () => post({ image: base64 }) },
    { when: 'not live', golden: SMARTCOMPLY.notLive, ask: () => post({ image: room.toString('base64') }) },
    { when: 'no image', golden: SMARTCOMPLY.missing, ask: () => post({}) },
    { when: 'no body', golden: SMARTCOMPLY.missing, ask: () => post('', known.token) },
    { when: 'no credentials', golden: SMARTCOMPLY.unauthenticated, ask: () => post({}, {} as never) },
    { when: 'a stranger’s key', golden: SMARTCOMPLY.wrongKey, ask: () => post({}, stranger.token) },
    { when: 'a key that ended', golden: SMARTCOMPLY.wrongKey, ask: () => post({}, ended.token) },
    {
      when: 'a URL that leads nowhere',
      golden: SMARTCOMPLY.fault('The image could not be fetched.'),
      ask: () => post({ image: 'http://127.0.0.1:9/none.jpg' }),
    },
    {
      when: 'a URL into a private network',
      golden: SMARTCOMPLY.fault("The image's URL must name a host, not an address."),
      ask: () => post({ image: 'https://10.0.0.1/x.jpg' }),
    },
    {
      when: 'text that is no image',
      golden: SMARTCOMPLY.fault('The image is not a JPEG, PNG or WebP.'),
      ask: () => post({ image: 'hello' }),
    },
    { when: 'a body that is no JSON', golden: SMARTCOMPLY.fault('The body is not valid JSON.'), ask: () => post('{') },
    {
      when: 'more than 10 MB',
      golden: SMARTCOMPLY.tooLarge,
      ask: () => post({ image: tenMegabytes.toString('base64') }),
    },
    { when: 'another method', golden: SMARTCOMPLY.wrongMethod, ask: () => ({ ...post({}), method: 'PUT' }) },
  ]);
});

/** One request of each one-shot contract, with its golden bodies for troubles that are ours. */
const oneShots = [
  { name: 'Verifik', golden: VERIFIK, ask: (as: typeof known) => verifik({ os: 'IOS', image: base64 }, as.bearer) },
  { name: 'Kairos', golden: KAIROS, ask: (as: typeof known) => kairos([selfie(face)], as.app) },
  { name: 'Smartcomply', golden: SMARTCOMPLY, ask: (as: typeof known) => smartcomply({ image: base64 }, as.token) },
];

describe('troubles that are ours', () => {
  const loneKey = credentials(lone.apiKey);

  it('answer at the deadline, in each contract’s shape, when nobody scores', async () => {
    const answers = await Promise.all(oneShots.map((contract) => send(lone.url, contract.ask(loneKey))));
    answers.forEach((answer, position) => {
      expectGolden(answer, oneShots[position]?.golden.deadline as Golden);
    });
  });

  it('refuse at once when what waits is too old', async () => {
    await lone.database.db.query(
      `insert into frame_batches (id, check_id, attempt, created_at, due_at)
       select 'bat_old', id, 1, now() - interval '1 minute', now() + interval '1 hour' from checks limit 1`,
    );
    for (const { ask: build, golden } of oneShots) {
      await eventually(async () => expectGolden(await send(lone.url, build(loneKey)), golden.overloaded));
    }
    await lone.database.db.query(`update frame_batches set created_at = now() + interval '1 hour'`);
  });

  it('say nothing of what broke', async () => {
    // The stores of one-shot images and of hosted checks are gone: every story fails half way.
    await lone.database.db.query('alter table frame_blobs rename to gone');
    for (const { ask: build, golden } of oneShots) {
      await eventually(async () => expectGolden(await send(lone.url, build(loneKey)), golden.internal));
    }
    await lone.database.db.query('alter table checks rename to gone_too');
    for (const request of [
      globaldataCreate(wish, loneKey.bearer),
      globaldataRetrieve(`?token=${'x'.repeat(32)}`, loneKey.bearer),
    ]) {
      expectGolden(await send(lone.url, request), GLOBALDATA.internal);
    }
  });
});
