/**
 * The documents' own sample answers, read from the pages when they are at hand: ours have the same keys in the same order,
 * the same types, and the same words wherever the sample's words are not an example's.
 */
import { readFileSync } from 'node:fs';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { addKeyToDefaultClient } from '@livegate/db/clients';
import { emptyRoom, genuineFace } from '@livegate/test-kit/faces';
import { sharedFile } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { expect, it } from 'vitest';
import { credentials, kairos, selfie, smartcomply, threshold, verifik } from './contracts.ts';
import { send, type WireRequest } from './wire.ts';

const face = await genuineFace();
const room = await emptyRoom();
const stack = await startStack();
const keys = credentials(stack.apiKey);
const endedKey = newApiKey('live');
await addKeyToDefaultClient(stack.db, parseApiKey(endedKey) as NonNullable<ReturnType<typeof parseApiKey>>);
await stack.db.query('update api_keys set revoked_at = now() where id = $1', [parseApiKey(endedKey)?.keyId]);

type Sample = {
  name: string;
  page: string;
  /** A text that stands in the sample and nowhere before it on the page. */
  mark: string;
  /** What the page lost of it: text after which something is put. */
  lost?: [after: string, put: string][];
  status: number;
  request: WireRequest;
  /** Paths of words that are the example's own. */
  examples?: string[];
};

const VERIFIK = '002_240060a7563930f6.txt';
const SMARTCOMPLY = '004_3c617e5cec5afb8a.txt';
const image = face.toString('base64');

const SAMPLES: Sample[] = [
  {
    name: 'Verifik 200',
    page: VERIFIK,
    mark: '"id": "JQ4RM"',
    status: 200,
    request: verifik({ os: 'DESKTOP', image }, keys.bearer),
    examples: ['id', 'signature.dateTime', 'data.liveness_score'],
  },
  {
    name: 'Verifik 401',
    page: VERIFIK,
    mark: '"code": "UNAUTHORIZED"',
    status: 401,
    request: verifik({ os: 'DESKTOP', image }, {}),
  },
  {
    name: 'Verifik 403',
    page: VERIFIK,
    mark: '"code": "FORBIDDEN"',
    status: 403,
    request: verifik({ os: 'DESKTOP', image }, credentials(endedKey).bearer),
  },
  {
    name: 'Verifik 409',
    page: VERIFIK,
    mark: '"code": "MissingParameter"',
    status: 409,
    request: verifik({ image }, keys.bearer),
  },
  {
    name: 'Kairos 200',
    page: '003_949685b8d86b9db2.txt',
    mark: '"api_req_uid"',
    // The page lost the lines that hold nothing but braces.
    lost: [
      ['"width": 95', '}}}'],
      ['"y": 4.0824', '}}],'],
      ['"y": 25.3957', '},'],
    ],
    status: 200,
    request: kairos([selfie(room), threshold('0.6')], keys.app),
    examples: ['api_req_uid', 'processed_at', 'requested_at', 'response_data.img.height', 'response_data.img.width'],
  },
  {
    name: 'Smartcomply 200',
    page: SMARTCOMPLY,
    mark: '"detail": "Liveliness Detected"',
    status: 200,
    request: smartcomply({ image }, keys.token),
    examples: ['data.confidence', 'data.confidence_in_percentage', 'data.verification.reference'],
  },
  {
    name: 'Smartcomply 400',
    page: SMARTCOMPLY,
    mark: '"message": "Missing required fields"',
    status: 400,
    request: smartcomply({}, keys.token),
  },
  {
    name: 'Smartcomply 401',
    page: SMARTCOMPLY,
    mark: '"message": "Authentication credentials were not provided."',
    status: 401,
    request: smartcomply({ image }, {}),
  },
];

it.for(SAMPLES)('$name', async ({ page, mark, lost = [], status, request, examples = [] }, { skip }) => {
  const path = sharedFile('vendor-docs', page);
  if (!path) return skip();
  const sample = readSample(readFileSync(path, 'utf8'), mark, lost);
  const answer = await send(stack.url, request);
  expect(answer.status).toBe(status);
  // A picture without a face has no list to compare with the sample's one face.
  const ours = outline(answer.json, examples);
  const theirs = outline(sample, examples);
  expect(ours.filter((line) => !line.includes('faces_predicted'))).toEqual(
    theirs.filter((line) => !line.includes('faces_predicted')),
  );
});

/** A face's own outline, against the sample's. */
it('Kairos 200: the face', async ({ skip }) => {
  const path = sharedFile('vendor-docs', '003_949685b8d86b9db2.txt');
  const kairosSample = SAMPLES.find(({ name }) => name === 'Kairos 200');
  if (!path || !kairosSample) return skip();
  // biome-ignore lint/suspicious/noExplicitAny: the vendor's sample, whatever it holds
  const sample = readSample(readFileSync(path, 'utf8'), kairosSample.mark, kairosSample.lost ?? []) as any;
  const { json } = await send(stack.url, kairos([selfie(face)], keys.app));
  const numbers = (value: object) => outline(value, []).map((line) => line.replace(/=.*/, ' is a number'));
  expect(numbers(json.response_data.faces_predicted[0])).toEqual(numbers(sample.response_data.faces_predicted[0]));
});

/** The JSON object around `mark`. */
function readSample(page: string, mark: string, lost: [after: string, put: string][]): unknown {
  const at = page.indexOf(mark);
  if (at < 0) throw new Error(`The page does not hold ${mark}.`);
  let text = lost.length > 0 ? `{${page.slice(at)}` : page.slice(page.lastIndexOf('\n{\n', at) + 1);
  for (const [after, put] of lost) text = text.replace(after, `${after}${put}`);
  text = text.replace('"faces_predicted": [', '"faces_predicted": [{').replace('[{\n    {', '[{');
  for (let end = text.indexOf('}') + 1; end > 0; end = text.indexOf('}', end) + 1) {
    try {
      return JSON.parse(text.slice(0, end));
    } catch {
      // Not the closing brace of the whole yet.
    }
  }
  throw new Error(`No JSON around ${mark}.`);
}

/** One line per value, in the order of the text: its path and type, and the value where it is no example's. */
function outline(value: unknown, examples: string[], path = ''): string[] {
  if (Array.isArray(value)) return [`${path}[]`, ...value.flatMap((item) => outline(item, examples, `${path}[]`))];
  if (typeof value === 'object' && value !== null)
    return [
      `${path}{}`,
      ...Object.entries(value).flatMap(([key, item]) => outline(item, examples, path ? `${path}.${key}` : key)),
    ];
  return [examples.includes(path) ? `${path}: ${typeof value}` : `${path}=${JSON.stringify(value)}`];
}
