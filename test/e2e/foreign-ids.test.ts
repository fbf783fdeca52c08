/** Every operation of an integrator × every id that it takes: another client's id must be answered as one that nobody has. */

import type { Operation, SecurityScheme } from '@livegate/contracts/operations/operation';
import { OPERATIONS } from '@livegate/contracts/operations/operations';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey, createClient } from '@livegate/db/clients';
import { createCollection } from '@livegate/db/collections';
import { newId, randomAlphanumeric } from '@livegate/domain/ids';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const stack = await startStack();
const face = await genuineFace();
const other = await anotherClient();

/** An id that a request can name: where it stands, what the other client has there, and one that nobody has. */
type Ids = { foreign: string; unknown: string };
const IDS: Record<string, Ids> = {
  token: { foreign: (await other.backend.create()).token, unknown: randomAlphanumeric(32) },
  collection_id: { foreign: other.collectionId, unknown: newId('collection') },
};
// What names nothing of anybody's.
const NO_IDS = new Set(['idempotency-key', 'x-sandbox-scenario']);
const ALIASES: Record<string, string> = { 'x-check-token': 'token' };

type Slot = { in: 'path' | 'query' | 'header' | 'body'; name: string };

const SCHEMES: Record<SecurityScheme, Record<string, string>> = {
  bearer: { authorization: `Bearer ${stack.apiKey}` },
  appId: { app_id: parseApiKey(stack.apiKey)?.keyId ?? '' },
  appKey: { app_key: stack.apiKey },
  accessToken: { 'x-access-token': stack.apiKey },
  captureSession: {},
};
// A capture is held by who holds its link: it knows no clients.
const ofIntegrators = OPERATIONS.filter(({ security }) => security.some((scheme) => scheme !== 'captureSession'));
const matrix = ofIntegrators.flatMap((operation) => slotsOf(operation).map((slot) => ({ operation, slot })));

function slotsOf({ parameters = [], request }: Operation): Slot[] {
  const named = parameters.filter(({ name }) => !NO_IDS.has(name.toLowerCase()));
  const schema =
    request?.type === 'application/json' ? (z.toJSONSchema(request.schema, { io: 'input' }) as object) : {};
  const names = new Set(JSON.stringify(schema).match(/(?<=")[a-z_]*(?:_ids?|token)(?=":\{)/g));
  return [
    ...named.map(({ in: place, name }) => ({ in: place, name })),
    ...[...names].map((name) => ({ in: 'body' as const, name })),
  ];
}

function idsOf({ name }: Slot): Ids {
  const ids = IDS[ALIASES[name.toLowerCase()] ?? name];
  if (!ids) throw new Error(`the matrix has no ids for ${name}: add the other client's to IDS`);
  return ids;
}

async function ask({ method, path, security, request }: Operation, slot: Slot, id: string) {
  const example = { ...(Object.values(request?.examples ?? {})[0] as object | undefined) };
  if ('image' in example) example.image = face.toString('base64');
  const body = request ? JSON.stringify(slot.in === 'body' ? { ...example, [slot.name]: id } : example) : undefined;
  const target = slot.in === 'path' ? path.replace(`{${slot.name}}`, id) : path;
  const query = slot.in === 'query' ? `?${slot.name}=${id}` : '';
  const startedAt = performance.now();
  const response = await fetch(stack.url + target + query, {
    method: method.toUpperCase(),
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...Object.assign({}, ...security.map((scheme) => SCHEMES[scheme])),
      ...(slot.in === 'header' ? { [slot.name]: id } : {}),
    },
    ...(body ? { body } : {}),
  });
  const text = await response.text();
  return { status: response.status, text: withoutReference(text, response), ms: performance.now() - startedAt };
}

/** Each request has its own. */
function withoutReference(text: string, { headers }: Response): string {
  return text.replaceAll(headers.get('x-request-id') ?? 'none', '<reference>');
}

describe.each(matrix)('$operation.id: $slot.in $slot.name', ({ operation, slot }) => {
  it("answers another client's id as an unknown one, to the byte", async () => {
    const { foreign, unknown } = idsOf(slot);
    const [theirs, nobodys] = [await ask(operation, slot, foreign), await ask(operation, slot, unknown)];
    expect(theirs.status).toBeGreaterThanOrEqual(400);
    expect(theirs.status).toBeLessThan(500);
    expect([theirs.status, theirs.text]).toEqual([nobodys.status, nobodys.text]);
    expect(theirs.text).not.toContain(foreign);
  });

  it('takes as long for both, as far as one can tell', async () => {
    const { foreign, unknown } = idsOf(slot);
    const times: Record<string, number[]> = { foreign: [], unknown: [] };
    for (let round = 0; round < 15; round += 1) {
      times.foreign?.push((await ask(operation, slot, foreign)).ms);
      times.unknown?.push((await ask(operation, slot, unknown)).ms);
    }
    const [theirs = 0, nobodys = 0] = Object.values(times).map((list) => list.sort((a, b) => a - b)[7]);
    // A figure for people, not an assertion: a shared machine's clock proves nothing.
    process.stderr.write(`${operation.id} ${slot.name}: medians ${theirs.toFixed(1)} and ${nobodys.toFixed(1)} ms\n`);
  });
});

it('has a row for every id that a request can carry', () => {
  expect(matrix.length).toBeGreaterThanOrEqual(4);
  for (const { slot } of matrix) expect(() => idsOf(slot)).not.toThrow();
});

it('would see a difference: the ids are good for the other client', async () => {
  for (const { operation, slot } of matrix) {
    const { status } = await ask(operation, slot, idsOf(slot).foreign);
    const own = await askAs(other.apiKey, () => ask(operation, slot, idsOf(slot).foreign));
    expect(own.status, `${operation.id} ${slot.name}`).not.toBe(status);
  }
});

async function askAs<T>(apiKey: string, work: () => Promise<T>): Promise<T> {
  const before = { ...SCHEMES };
  SCHEMES.bearer = { authorization: `Bearer ${apiKey}` };
  try {
    return await work();
  } finally {
    Object.assign(SCHEMES, before);
  }
}

async function anotherClient() {
  const clientId = await createClient(stack.db, { name: 'other' });
  const apiKey = newApiKey('live');
  const key = parseApiKey(apiKey);
  if (!key) throw new Error('a new key must parse');
  await createApiKey(stack.db, { clientId, ...key });
  const collectionId = (await createCollection(stack.db, { clientId, name: 'faces' })) as string;
  return { apiKey, clientId, collectionId, backend: integrator({ url: stack.url, apiKey }) };
}
