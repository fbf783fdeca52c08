/**
 * Random requests against a process: bodies around the description's schemas, damaged images through the real decoder,
 * damaged forms, tokens, capture steps. Nothing may crash, nothing may be answered with a 5xx, and every answer must be
 * one that the description has. How many, and from which seed: FUZZ_RUNS and FUZZ_SEED (see README.md).
 */
import { genuineFace } from '@livegate/test-kit/faces';
import { asFormat } from '@livegate/test-kit/pictures';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import {
  globaldataCreate,
  globaldataRetrieve,
  KAIROS_PATHS,
  kairos,
  SMARTCOMPLY_PATHS,
  smartcomply,
  VERIFIK_PATHS,
  verifik,
} from '../conformance/contracts.ts';
import { multipart, send, type WireRequest } from '../conformance/wire.ts';
import { faultsOf } from './contract-answers.ts';
import { applyEdits, byteEdit, type Edit, IMAGE_NAMES, type ImageName, type Images, imageEdit } from './edit-bytes.ts';
import { bodiesOf, hostileValue } from './from-schema.ts';
import { startTarget, type Target } from './target.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 6_000);
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
// Requests on their way at the same time; a failing round is made smaller by fast-check.
const AT_ONCE = 8;
const SLOW_MS = 1_000;
// Far beyond every deadline of ours: an answer that takes longer is none.
const NO_ANSWER_MS = 40_000;

const target: Target = await startTarget({ children: 2 });
const { bearer, app, token } = target.keys;
const face = await genuineFace();
const images: Images = {
  jpeg: await asFormat(face, 'jpeg', 320),
  png: await asFormat(face, 'png', 160),
  webp: await asFormat(face, 'webp', 320),
  'small jpeg': await asFormat(face, 'jpeg', 32),
  'small png': await asFormat(face, 'png', 32),
  'small webp': await asFormat(face, 'webp', 32),
};
const links = await Promise.all(
  Array.from({ length: 30 }, async () => {
    const made = await send(
      target.url,
      globaldataCreate({ return_url: 'https://example.com/', link_valid_mins: 30, challenge: 'none' }, bearer),
    );
    return { path: new URL(made.json.url).pathname, token: String(made.json.token) };
  }),
);

/** What is sent, as words: a failure is printed as one of these. */
type Sent =
  | { kind: 'json'; to: 'globaldata' | 'verifik' | 'smartcomply'; body: unknown; edits: Edit[] }
  | { kind: 'image'; to: 'verifik' | 'kairos' | 'smartcomply'; image: ImageName; edits: Edit[]; asUri: boolean }
  | { kind: 'form'; fields: { name: string; value: string; filename?: string }[]; edits: Edit[] }
  | { kind: 'retrieve'; query: string }
  | { kind: 'capture'; link: number; step: string; body: unknown; image: ImageName; edits: Edit[] }
  | { kind: 'path'; method: string; path: string };

const fewEdits = (edit: fc.Arbitrary<Edit>) => fc.array(edit, { maxLength: 3 });
const mostlyNone = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Edit[]>([]) },
  { weight: 1, arbitrary: fewEdits(byteEdit) },
);
const imageName = fc.constantFrom(...IMAGE_NAMES);
const given = {
  return_url: ['https://example.com/return', 'http://localhost/a?b=c#d'],
  // A port that nobody listens on: what ends in this run is told to nobody.
  webhook_url: ['http://127.0.0.1:9/'],
  image: [images['small jpeg'].toString('base64'), `data:image/png;base64,${images['small png'].toString('base64')}`],
  collection_id: ['col_of_nobody'],
};
const jsonTo = <To extends 'globaldata' | 'verifik' | 'smartcomply'>(to: To, schema: string) =>
  fc.record({
    kind: fc.constant('json' as const),
    to: fc.constant(to),
    body: bodiesOf(schema, given),
    edits: mostlyNone,
  });

const sent: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 4, arbitrary: jsonTo('globaldata', 'CreateCheckRequest') },
  { weight: 3, arbitrary: jsonTo('verifik', 'VerifikRequest') },
  { weight: 2, arbitrary: jsonTo('smartcomply', 'SmartcomplyRequest') },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('image' as const),
      to: fc.constantFrom('verifik', 'kairos', 'smartcomply'),
      image: imageName,
      edits: fewEdits(imageEdit),
      asUri: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('form' as const),
      fields: fc.array(
        fc.record(
          {
            name: fc.oneof(
              fc.constantFrom('selfie', 'threshold', '__proto__', 'a[b]', ''),
              fc.string({ maxLength: 8 }),
            ),
            value: fc.oneof(fc.constantFrom('0.6', '1e999', '-0', 'x'), fc.string({ unit: 'binary', maxLength: 30 })),
            filename: fc.constantFrom('a.jpg', '', '../x', 'ü.png'),
          },
          { requiredKeys: ['name', 'value'] },
        ),
        { maxLength: 6 },
      ),
      edits: mostlyNone,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('retrieve' as const),
      query: fc.oneof(
        fc.constantFrom('', '?', '?token', '?token=', '?token=%00', '?token=a&token=b', '?token[]=a'),
        fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `?${new URLSearchParams({ token: text })}`),
        fc.nat(29).map((link) => `?token=${links[link]?.token}`),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('capture' as const),
      link: fc.nat(31),
      step: fc.constantFrom(
        'status',
        'start',
        'finish',
        'abandon',
        'frames/0',
        'frames/7',
        'frames/8',
        'frames/01',
        'frames/x',
      ),
      body: fc.oneof(fc.constantFrom({}, { frames: 8 }, { frames: 1 }, { error: 'cancelled' }), hostileValue),
      image: imageName,
      edits: fewEdits(imageEdit),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('path' as const),
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
      path: fc
        .array(
          fc.constantFrom(
            '/',
            '//',
            '.',
            '..',
            '%2e',
            '%2f',
            '%00',
            '%ff',
            'c',
            'v2',
            'liveness_check',
            'x',
            ';',
            '?',
            '&',
            '=',
          ),
          {
            maxLength: 8,
          },
        )
        .map((parts) => `/${parts.join('')}`),
    }),
  },
);

function asRequest(one: Sent): WireRequest {
  switch (one.kind) {
    case 'json': {
      const text = applyEdits(Buffer.from(JSON.stringify(one.body) ?? ''), one.edits, images);
      if (one.to === 'globaldata') return globaldataCreate(text, bearer);
      return one.to === 'verifik'
        ? verifik(text, bearer, VERIFIK_PATHS[1])
        : smartcomply(text, token, SMARTCOMPLY_PATHS[1]);
    }
    case 'image': {
      const image = applyEdits(images[one.image], one.edits, images);
      if (one.to === 'kairos') return kairos([{ name: 'selfie', value: image, filename: 'a' }], app, KAIROS_PATHS[1]);
      const text = `${one.asUri ? 'data:image/png;base64,' : ''}${image.toString('base64')}`;
      return one.to === 'verifik' ? verifik({ os: 'FUZZ', image: text }, bearer) : smartcomply({ image: text }, token);
    }
    case 'form': {
      const form = multipart(one.fields);
      const body = applyEdits(form.body, one.edits, images);
      return { path: KAIROS_PATHS[0] as string, headers: { ...form.headers, ...app }, body };
    }
    case 'retrieve':
      return globaldataRetrieve(one.query, bearer);
    case 'capture': {
      const path = `${links[one.link]?.path ?? `/c/${'x'.repeat(43)}`}/${one.step}`;
      if (one.step === 'status') return { method: 'GET', path };
      if (one.step.startsWith('frames/'))
        return {
          method: 'PUT',
          path,
          headers: { 'content-type': 'image/jpeg', 'x-capture-session': 'x' },
          body: applyEdits(images[one.image], one.edits, images),
        };
      return { path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(one.body) };
    }
    case 'path':
      return { method: one.method, path: one.path };
  }
}

const figures = { requests: 0, slow: 0, slowestMs: 0, byStatus: {} as Record<number, number>, peakMegabytes: 0 };

/** Notes the memory; a long run says how far it is. */
async function look(): Promise<void> {
  figures.peakMegabytes = Math.max(figures.peakMegabytes, await target.residentMegabytes());
  if (RUNS > 6_000) process.stderr.write(`fuzz: ${JSON.stringify(figures)}\n`);
}

async function exchange(one: Sent): Promise<string[]> {
  const request = asRequest(one);
  const startedAt = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), NO_ANSWER_MS);
  const silence = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => reject(new Error(`no answer within ${NO_ANSWER_MS} ms`)));
  });
  const answer = await Promise.race([send(target.url, request), silence]).finally(() => clearTimeout(timer));
  const elapsedMs = performance.now() - startedAt;
  figures.requests += 1;
  figures.slowestMs = Math.max(figures.slowestMs, Math.round(elapsedMs));
  if (elapsedMs > SLOW_MS) figures.slow += 1;
  figures.byStatus[answer.status] = (figures.byStatus[answer.status] ?? 0) + 1;
  return faultsOf(request, answer);
}

afterAll(() => {
  process.stderr.write(`fuzz: ${JSON.stringify({ seed: SEED, ...figures })}\n`);
});

it(`answers ${RUNS} random requests as its contracts say (seed ${SEED})`, { timeout: 0 }, async () => {
  const before = await target.residentMegabytes();
  const children = await target.children();
  const round = fc.array(sent, { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(
    fc.asyncProperty(round, async (requests) => {
      const faults = (await Promise.all(requests.map(exchange))).flat();
      target.requireAlive();
      if (figures.requests % 4_000 === 0) await look();
      expect(faults).toEqual([]);
    }),
    { numRuns: Math.ceil(RUNS / AT_ONCE), seed: SEED, endOnFailure: RUNS > 6_000 },
  );
  await look();
  const after = await target.residentMegabytes();
  const restarted = (await target.children()).filter((pid) => !children.includes(pid)).length;
  process.stderr.write(
    `fuzz: memory ${before} MB before, ${after} MB after; ${restarted} child processes were replaced\n`,
  );
  // What is decoded and scored is scored somewhere else; a child that died was replaced by another.
  expect(restarted).toBe(0);
});
