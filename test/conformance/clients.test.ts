/** Clients as the documents have them: their snippets unchanged, and a minimal client of ours per language and contract. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { genuineFace } from '@livegate/test-kit/faces';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { afterAll, describe, expect, it } from 'vitest';
import { servePhotos } from './photos.ts';
import { canRun, runClient } from './run-client.ts';
import { extract, type Language, SNIPPETS } from './vendor-snippets.ts';

const face = await genuineFace();
const stack = await startStack();
const photos = await servePhotos({ '/face.jpg': face });
const directory = await mkdtemp(join(tmpdir(), 'livegate-selfie-'));
afterAll(() => rm(directory, { recursive: true, force: true }));
const imageFile = join(directory, 'selfie.jpg');
await writeFile(imageFile, face);

const values = {
  origin: stack.url,
  apiKey: stack.apiKey,
  keyId: /^lv_live_([^_]+)_/.exec(stack.apiKey)?.[1] ?? '',
  imageUrl: `${photos}/face.jpg`,
  imageFile,
};

/** What each language's own way of printing makes of a live answer. */
const LIVE: Record<string, RegExp> = {
  'Verifik, Node.js (node-fetch 2)':
    /^\{\n {2}id: '[A-Z0-9]{5}',\n {2}data: \{ passed: true, min_score: 0\.6, liveness_score: 0\.\d+ \},/,
  'Verifik, PHP': /^\{"id":"[A-Z0-9]{5}","data":\{"passed":true,"min_score":0\.6,"liveness_score":0\.\d+\},/,
  'Verifik, Python (requests)':
    /^\{'id': '[A-Z0-9]{5}', 'data': \{'passed': True, 'min_score': 0\.6, 'liveness_score': 0\.\d+\},/,
  'Verifik, Go': /^map\[data:map\[liveness_score:0\.\d+ min_score:0\.6 passed:true\] id:[A-Z0-9]{5} signature:map/,
  'Kairos, Node.js (request 2)':
    /^\{"api_req_uid":"[0-9a-f-]{36}",.*"response_code":0,"response_data":\{"faces_liveness":0\.\d+,/,
  'Smartcomply, curl (the page’s head)': /^\{"status":"success","data":\{"status":true,"detail":"Liveliness Detected"/,
  'Smartcomply, curl (the page’s example)':
    /^\{"status":"success","data":\{"status":true,"detail":"Liveliness Detected"/,
};

describe('the vendors’ own snippets', () => {
  it.for(SNIPPETS)('$name', async (snippet, { skip }) => {
    const program = extract(snippet, values);
    if (!program || !canRun(snippet.language)) return skip();
    const printed = await runClient(snippet.language, program, { VERIFIK_TOKEN: stack.apiKey });
    expect(printed).toMatch(LIVE[snippet.name] as RegExp);
  });
});

type Client = { file: string; language: Language; prints: object };

const verifikLive = { data: { passed: true, min_score: 0.6 }, signature: { message: 'Certified by Verifik.co' } };
const kairosLive = { response_code: 0, response_data: { img: { width: 960, height: 720 } } };
const smartcomplyLive = { status: 'success', data: { status: true, response_code: '00' } };
const waiting = { status: 202, body: { status: 'pending' } };

const CLIENTS: Client[] = [
  { file: 'globaldata.node.cjs', language: 'node', prints: waiting },
  { file: 'globaldata.py', language: 'python', prints: waiting },
  { file: 'globaldata.sh', language: 'curl', prints: { status: 'pending' } },
  { file: 'verifik.node.cjs', language: 'node', prints: verifikLive },
  { file: 'verifik.php', language: 'php', prints: verifikLive },
  { file: 'verifik.py', language: 'python', prints: verifikLive },
  { file: 'verifik.go', language: 'go', prints: verifikLive },
  { file: 'verifik.sh', language: 'curl', prints: verifikLive },
  { file: 'kairos.node.cjs', language: 'node', prints: kairosLive },
  { file: 'kairos.php', language: 'php', prints: kairosLive },
  { file: 'kairos.py', language: 'python', prints: kairosLive },
  { file: 'kairos.go', language: 'go', prints: kairosLive },
  { file: 'kairos.sh', language: 'curl', prints: kairosLive },
  { file: 'smartcomply.php', language: 'php', prints: smartcomplyLive },
  { file: 'smartcomply.py', language: 'python', prints: smartcomplyLive },
  { file: 'smartcomply.sh', language: 'curl', prints: smartcomplyLive },
];

describe('clients of ours, as the documents describe them', () => {
  it.for(CLIENTS)('$file', async ({ file, language, prints }, { skip }) => {
    if (!canRun(language)) return skip();
    const program = await readFile(join(repositoryRoot, 'test/conformance/clients', file), 'utf8');
    const printed = await runClient(language, program, {
      BASE_URL: stack.url,
      API_KEY: stack.apiKey,
      API_KEY_ID: values.keyId,
      IMAGE_URL: values.imageUrl,
      IMAGE_FILE: imageFile,
    });
    expect(JSON.parse(printed)).toMatchObject(prints);
  });
});
