/** What is made of a bucket's lifecycle rules, against a server that has them and nothing else: the one from npm has none. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it, vi } from 'vitest';
import { openBucket } from './bucket.ts';

const RULE = (id: string, prefix: string, rest = '<Expiration><Days>1</Days></Expiration>') =>
  `<Rule><ID>${id}</ID><Status>Enabled</Status><Filter><Prefix>${prefix}</Prefix></Filter>${rest}</Rule>`;
const FORMER = RULE('livegate-orphans', 'ours/');

let rules: string | null = null;
const server = createServer((request, response) => {
  const ofRules = new URL(request.url ?? '', 'http://s3').searchParams.has('lifecycle');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (!ofRules) return response.end();
    if (request.method === 'PUT') rules = Buffer.concat(chunks).toString();
    if (request.method === 'DELETE') rules = null;
    if (request.method !== 'GET') return response.writeHead(request.method === 'PUT' ? 200 : 204).end();
    if (rules !== null) return response.end(rules);
    response.writeHead(404).end('<Error><Code>NoSuchLifecycleConfiguration</Code></Error>');
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.close());
vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
const bucket = openBucket(`s3://frames/ours?endpoint=http://127.0.0.1:${(server.address() as AddressInfo).port}`);
const withRules = (...given: string[]) => {
  rules = `<LifecycleConfiguration>${given.join('')}</LifecycleConfiguration>`;
};

it('gets no rule that would drop what a legal hold keeps', async () => {
  rules = null;
  expect(await bucket.prepare()).toEqual({ made: false, expiring: [] });
  expect(rules).toBeNull();
});

it('loses the rule that an earlier version made, and no other', async () => {
  withRules(FORMER);
  expect(await bucket.prepare()).toEqual({ made: false, expiring: [] });
  expect(rules).toBeNull();
  withRules(RULE('logs', 'logs/'), FORMER);
  expect(await bucket.prepare()).toEqual({ made: false, expiring: [] });
  expect(rules).toContain('<ID>logs</ID>');
  expect(rules).not.toContain('livegate-orphans');
});

it.each([
  ['all of it', RULE('all', ''), ['all']],
  ['a part of ours', RULE('part', 'ours/chk_A'), ['part']],
  ['a neighbour', RULE('neighbour', 'ours-not/'), []],
  [
    'nothing that is there',
    RULE(
      'parts',
      '',
      '<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
    ),
    [],
  ],
])('tells of a rule that deletes %s, and lets it be', async (_, rule, expiring) => {
  withRules(rule);
  const before = rules;
  expect(await bucket.prepare()).toEqual({ made: false, expiring });
  expect(rules).toBe(before);
});
