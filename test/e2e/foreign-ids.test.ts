/** Every operation of an integrator × every id that it takes: another client's id must be answered as one that nobody has. */

import { randomUUID } from 'node:crypto';
import type { Operation, SecurityScheme } from '@livegate/contracts/operations/operation';
import { OPERATIONS } from '@livegate/contracts/operations/operations';
import { webhookBody } from '@livegate/contracts/webhook-event';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey, createClient } from '@livegate/db/clients';
import { createCollection } from '@livegate/db/collections';
import { finishCheck } from '@livegate/db/finish-check';
import { openReview } from '@livegate/db/reviews';
import { newId, randomAlphanumeric } from '@livegate/domain/ids';
import { genuineFace } from '@livegate/test-kit/faces';
import { type Integrator, integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const stack = await startStack();
const face = await genuineFace();
const other = await anotherClient();

/** An id that a request can name: where it stands, what the other client has there, and one that nobody has. */
type Ids = { foreign: string; unknown: string };
const IDS: Record<string, Ids> = {
  eventId: { foreign: other.eventId, unknown: newId('event') },
  endpointId: { foreign: other.endpointId, unknown: newId('endpoint') },
  delivery_id: { foreign: other.deliveryId, unknown: newId('delivery') },
  token: { foreign: (await other.backend.create()).token, unknown: randomAlphanumeric(32) },
  reference: { foreign: other.reference, unknown: randomUUID() },
  erasureId: { foreign: other.erasureId, unknown: newId('erasure') },
  reviewId: { foreign: other.reviewId, unknown: newId('review') },
  collection_id: { foreign: other.collectionId, unknown: newId('collection') },
};
// What names nothing of anybody's.
const NO_IDS = new Set([
  'idempotency-key',
  'x-person-reference',
  'x-sandbox-scenario',
  'x-reviewer',
  'limit',
  'cursor',
  'type',
  'state',
  'since',
  'until',
]);
const ALIASES: Record<string, string> = { 'x-check-token': 'token' };

type Slot = { in: 'path' | 'query' | 'header' | 'body'; name: string };

/** Who asks, and what of their own fills the other places of a path. */
type Party = { apiKey: string; own: Record<string, string> };
const me: Party = { apiKey: stack.apiKey, own: { eventId: (await anEvent(integrator(stack))).eventId } };

const SCHEMES: Record<SecurityScheme, (apiKey: string) => Record<string, string>> = {
  bearer: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  appId: (apiKey) => ({ app_id: parseApiKey(apiKey)?.keyId ?? '' }),
  appKey: (apiKey) => ({ app_key: apiKey }),
  accessToken: (apiKey) => ({ 'x-access-token': apiKey }),
  captureSession: () => ({}),
};
// A capture is held by who holds its link: it knows no clients.
const ofIntegrators = OPERATIONS.filter(({ security }) => security.some((scheme) => scheme !== 'captureSession'));
// What deletes comes last: the ids must be good until then.
const matrix = ofIntegrators
  .flatMap((operation) => slotsOf(operation).map((slot) => ({ operation, slot })))
  .sort((a, b) => Number(a.operation.method === 'delete') - Number(b.operation.method === 'delete'));

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

type Question = { operation: Operation; slot: Slot; id: string; party?: Party };

async function ask({ operation: { method, path, security, request }, slot, id, party = me }: Question) {
  const example = { ...(Object.values(request?.examples ?? {})[0] as object | undefined) };
  if ('image' in example) example.image = face.toString('base64');
  const body = request ? JSON.stringify(slot.in === 'body' ? { ...example, [slot.name]: id } : example) : undefined;
  const fillers = { ...party.own, ...(slot.in === 'path' ? { [slot.name]: id } : {}) };
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => fillers[name] ?? name);
  const query = slot.in === 'query' ? `?${slot.name}=${id}` : '';
  const startedAt = performance.now();
  const response = await fetch(stack.url + target + query, {
    method: method.toUpperCase(),
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...Object.assign({}, ...security.map((scheme) => SCHEMES[scheme](party.apiKey))),
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
    const [theirs, nobodys] = [
      await ask({ operation, slot, id: foreign }),
      await ask({ operation, slot, id: unknown }),
    ];
    expect(theirs.status).toBeGreaterThanOrEqual(400);
    expect(theirs.status).toBeLessThan(500);
    expect([theirs.status, theirs.text]).toEqual([nobodys.status, nobodys.text]);
    expect(theirs.text).not.toContain(foreign);
  });

  it('takes as long for both, as far as one can tell', async () => {
    const { foreign, unknown } = idsOf(slot);
    const times: Record<string, number[]> = { foreign: [], unknown: [] };
    for (let round = 0; round < 15; round += 1) {
      times.foreign?.push((await ask({ operation, slot, id: foreign })).ms);
      times.unknown?.push((await ask({ operation, slot, id: unknown })).ms);
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
    const id = idsOf(slot).foreign;
    const { status } = await ask({ operation, slot, id });
    const own = await ask({ operation, slot, id, party: other });
    expect(own.status, `${operation.id} ${slot.name}`).not.toBe(status);
  }
});

async function anotherClient() {
  const clientId = await createClient(stack.db, { name: 'other' });
  const apiKey = newApiKey('live');
  const key = parseApiKey(apiKey);
  if (!key) throw new Error('a new key must parse');
  await createApiKey(stack.db, { clientId, ...key });
  const collectionId = (await createCollection(stack.db, { clientId, name: 'faces' })) as string;
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
    const made = await fetch(stack.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await made.json()) as { id: string }).id;
  };
  const endpointId = await post('/webhook_endpoints', { url: 'http://127.0.0.1:9/never' });
  const erasureId = await post('/erasures', { person_reference: 'nobody' });
  const backend = integrator({ url: stack.url, apiKey });
  const { reference } = await backend.create();
  const told = await anEvent(backend);
  const reviewId = await aReview(told.eventId);
  return {
    apiKey,
    clientId,
    collectionId,
    endpointId,
    erasureId,
    reference,
    reviewId,
    ...told,
    backend,
    own: { eventId: told.eventId },
  };
}

/** The check of an event, as one that a person should look at. */
async function aReview(eventId: string): Promise<string> {
  const found = await stack.db.query('select check_id as "checkId" from events where id = $1', [eventId]);
  await openReview(stack.db, { checkId: found.rows[0].checkId, causes: ['near_threshold'] });
  const { rows } = await stack.db.query('select id from reviews where check_id = $1', [found.rows[0].checkId]);
  return rows[0].id;
}

/** An event of a hosted check of this client, and its delivery if somebody is to be told. */
async function anEvent(backend: Integrator): Promise<{ eventId: string; deliveryId: string }> {
  const { token } = await backend.create({ webhook_url: 'http://127.0.0.1:9/never' });
  return stack.db.transaction(async (tx) => {
    const { rows } = await tx.query(`update checks set link_expires_at = now() where token = $1 returning id`, [token]);
    const eventId = await finishCheck(tx, { checkId: rows[0].id, ending: { event: 'expire' }, buildBody: webhookBody });
    const found = await tx.query('select id from deliveries where event_id = $1', [eventId]);
    return { eventId: eventId as string, deliveryId: found.rows[0].id };
  });
}
