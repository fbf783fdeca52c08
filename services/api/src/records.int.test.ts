import { verifyReceipt } from '@livegate/client/verify-receipt';
import { deletionReceipt } from '@livegate/contracts/receipts';
import { eraseResponse, erasureResponse, exportResponse } from '@livegate/contracts/records';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import type { Jwks } from '@livegate/crypto/signing-ring';
import { STATEMENTS, verifyStatement } from '@livegate/crypto/verify-statement';
import { createApiKey, createClient } from '@livegate/db/clients';
import { placeHold } from '@livegate/db/legal-holds';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';

const stack = await startStack();
const face = await genuineFace();

async function aKey(mode: 'live' | 'test' = 'live', clientId?: string): Promise<{ apiKey: string; clientId: string }> {
  const owner = clientId ?? (await createClient(stack.db, { name: 'another' }));
  const apiKey = newApiKey(mode);
  const key = parseApiKey(apiKey);
  if (!key) throw new Error('a new key must parse');
  await createApiKey(stack.db, { ...key, clientId: owner });
  return { apiKey, clientId: owner };
}

async function call(
  method: string,
  path: string,
  { apiKey = stack.apiKey, body }: { apiKey?: string; body?: unknown } = {},
) {
  const response = await fetch(stack.url + path, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: whatever the wire holds
  return { status: response.status, body: (await response.json()) as any };
}

async function aCompleteCheck(wish: Record<string, unknown> = {}, apiKey = stack.apiKey) {
  const backend = integrator({ url: stack.url, apiKey });
  const check = await backend.create({ audit_images: 1, webhook_url: 'https://example.com/hook', ...wish });
  await captureClient(check.url).submit(face);
  await backend.untilDone(check.token);
  return check;
}

/** Every table in which a value occurs anywhere. */
async function tablesWith(value: string): Promise<string[]> {
  const { rows } = await stack.db.query(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await stack.db.query(`select from ${name} as line where line::text like $1 limit 1`, [
      `%${value}%`,
    ]);
    if (rowCount) found.push(name);
  }
  return found.sort();
}

const idOf = async (reference: string): Promise<string> =>
  (await stack.db.query('select id from checks where reference = $1', [reference])).rows[0].id;
const keys = async () => (await (await fetch(`${stack.url}/.well-known/jwks.json`)).json()) as Jwks;
const claimsOf = async (jws: string) =>
  deletionReceipt.parse(await verifyStatement(STATEMENTS.deletion, jws, await keys()));

describe('export of one check', () => {
  it('holds everything that is known, images and receipt too, and no secret', async () => {
    const check = await aCompleteCheck();
    const { status, body } = await call('GET', `/checks/${check.reference}/export`);
    expect(status).toBe(200);
    const exported = exportResponse.parse(body);
    expect(exported).toMatchObject({ check: { token: check.token, state: 'complete' }, legal_hold: false });
    expect(exported.frames).toHaveLength(8);
    expect(exported.images.map(({ role }) => role).sort()).toEqual(['audit', 'probe']);
    expect(exported.transitions.map(({ event }) => event)).toEqual(['create', 'start', 'verdict']);
    expect(exported.deliveries).toHaveLength(1);
    expect((await verifyReceipt(String(exported.receipt), await keys())).reference).toBe(check.reference);
    const text = JSON.stringify(body);
    for (const secret of [check.secret, check.url.split('/').at(-1), 'data_key', 'digest":"'])
      expect(text).not.toContain(secret);
  });
});

describe('the audit log', () => {
  it('notes who read images and who took an export, and nothing of a read without images', async () => {
    const check = await aCompleteCheck();
    const waiting = await integrator(stack).create();
    await call('GET', `/liveness_check?token=${check.token}`);
    await call('GET', `/liveness_check?token=${waiting.token}`);
    await call('GET', `/checks/${check.reference}/export`);
    const { rows } = await stack.db.query(
      `select actor, action, details from audit_log where subject = any($1) order by sequence`,
      [[await idOf(check.reference), await idOf(waiting.reference)]],
    );
    // The first read is that of the wait for the result.
    const actor = `key:${stack.apiKey.split('_')[2]}`;
    expect(rows).toEqual([
      { actor, action: 'images.read', details: { images: 2 } },
      { actor, action: 'images.read', details: { images: 2 } },
      { actor, action: 'check.exported', details: { images: 2 } },
    ]);
  });
});

describe('erasing one check', () => {
  it('leaves nothing of it but a signed receipt, and says so again when asked again', async () => {
    const check = await aCompleteCheck();
    const id = await idOf(check.reference);
    expect(await tablesWith(id)).toContain('frame_blobs');
    const { status, body } = await call('DELETE', `/checks/${check.reference}`);
    expect(status).toBe(200);
    const { receipts } = eraseResponse.parse(body);
    expect(receipts).toHaveLength(1);
    const claims = await claimsOf(receipts[0] as string);
    expect(claims).toMatchObject({
      reference: check.reference,
      cause: 'request',
      deleted: { check: 1, images: 2, frames: 8, events: 1, deliveries: 1 },
    });
    const minutes = (Date.parse(claims.unrecoverable_at as string) - Date.parse(claims.deleted_at)) / 60_000;
    expect(minutes).toBeLessThan(34);
    expect(await tablesWith(id)).toEqual(['audit_log', 'check_transition_log']);
    expect(await tablesWith(check.token)).toEqual([]);
    expect((await call('DELETE', `/checks/${check.reference}`)).body.receipts).toEqual(receipts);
    expect((await call('GET', `/checks/${check.reference}/deletion_receipts`)).body.receipts).toEqual(receipts);
    expect((await call('GET', `/liveness_check?token=${check.token}`)).status).toBe(400);
    expect((await call('GET', `/checks/${check.reference}/export`)).status).toBe(404);
  });

  it.each(['pending', 'in_progress'])('ends a check that is %s', async (state) => {
    const check = await integrator(stack).create();
    const id = await idOf(check.reference);
    const capture = captureClient(check.url);
    if (state === 'in_progress') {
      await capture.start();
      await capture.putFrame(0, face);
    }
    expect((await call('DELETE', `/checks/${check.reference}`)).status).toBe(200);
    expect((await capture.putFrame(1, face)).status).toBe(404);
    expect(await tablesWith(id)).toEqual(['check_transition_log']);
  });

  it('is refused under a legal hold, and leaves everything', async () => {
    const check = await aCompleteCheck();
    await stack.db.query(
      `insert into legal_holds (check_id, reason) select id, 'a court' from checks where reference = $1`,
      [check.reference],
    );
    expect(await call('DELETE', `/checks/${check.reference}`)).toMatchObject({
      status: 409,
      body: { code: 'check_held' },
    });
    expect((await call('GET', `/checks/${check.reference}/export`)).body).toMatchObject({ legal_hold: true });
    expect((await call('GET', `/liveness_check?token=${check.token}`)).body.result.image).toBeDefined();
  });
});

describe('erasing one check while a hold is placed', () => {
  it('is refused like any held one', async () => {
    const check = await aCompleteCheck();
    const checkId = await idOf(check.reference);
    let erased: ReturnType<typeof call> | undefined;
    await stack.db.transaction(async (tx) => {
      await placeHold(tx, { checkId, reason: 'a court' });
      erased = call('DELETE', `/checks/${check.reference}`);
      await eventually(async () => {
        const { rowCount } = await stack.db.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%for update%'`,
        );
        return (rowCount ?? 0) > 0;
      });
    });
    expect(await erased).toMatchObject({ status: 409, body: { code: 'check_held' } });
  });
});

describe('erasing a person', () => {
  it('erases all that is theirs, in any state and by any contract, and nothing of anybody else', async () => {
    const person = 'customer 4711';
    const backend = integrator(stack);
    const mine = [
      await aCompleteCheck({ person_reference: person }),
      await backend.create({ person_reference: person }),
    ];
    const oneShot = await fetch(`${stack.url}/v2/face-recognition/liveness`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.apiKey}`,
        'content-type': 'application/json',
        'x-person-reference': person,
      },
      body: JSON.stringify({ os: 'IOS', image: face.toString('base64') }),
    });
    mine.push({ ...(mine[0] as (typeof mine)[0]), reference: oneShot.headers.get('x-request-id') ?? '' });
    const other = await aCompleteCheck({ person_reference: 'customer 4712' });
    const foreign = await aCompleteCheck({ person_reference: person }, (await aKey()).apiKey);
    expect(await tablesWith(person)).toEqual([]);

    const asked = await call('POST', '/erasures', { body: { person_reference: person } });
    expect(asked.status).toBe(202);
    const done = await eventually(async () => {
      const answer = erasureResponse.parse((await call('GET', `/erasures/${asked.body.id}`)).body);
      if (answer.state !== 'finished') throw new Error('still under way');
      return answer;
    });
    expect(done.checks_erased).toBe(3);
    for (const { reference } of mine) {
      const [receipt] = (await call('GET', `/checks/${reference}/deletion_receipts`)).body.receipts;
      expect(await claimsOf(receipt)).toMatchObject({ reference, cause: 'person' });
      expect((await call('GET', `/checks/${reference}/export`)).status).toBe(404);
    }
    expect((await call('GET', `/checks/${other.reference}/export`)).body.check.has_person_reference).toBe(true);
    expect((await stack.db.query('select from checks where reference = $1', [foreign.reference])).rowCount).toBe(1);
  });
});

describe('receipts of a check that is still there, and of one that is gone', () => {
  it('are for the keys of its own mode alone', async () => {
    const { clientId } = (await stack.db.query(`select client_id as "clientId" from api_keys limit 1`)).rows[0];
    const test = (await aKey('test', clientId)).apiKey;
    const live = await aCompleteCheck({}, (await aKey('live', clientId)).apiKey);
    const sandbox = await integrator({ url: stack.url, apiKey: test }).create();
    await stack.db.query(
      `insert into deletion_receipts (client_id, reference, sandbox, jws)
       select client_id, reference, sandbox, 'aa.bb.cc' from checks where reference = any($1)`,
      [[live.reference, sandbox.reference]],
    );
    const apiKey = (await aKey('live', clientId)).apiKey;
    const ask = async () => {
      const seen: Record<string, number> = {};
      for (const [mode, key] of Object.entries({ live: apiKey, test })) {
        for (const [of, { reference }] of Object.entries({ live, sandbox })) {
          for (const [method, tail] of [
            ['GET', '/deletion_receipts'],
            ['DELETE', ''],
          ] as const)
            seen[`${mode} ${method} ${of}`] = (
              await call(method, `/checks/${reference}${tail}`, { apiKey: key })
            ).status;
        }
      }
      return seen;
    };
    const own = {
      'live GET live': 200,
      'live DELETE live': 200,
      'live GET sandbox': 404,
      'live DELETE sandbox': 404,
      'test GET live': 404,
      'test DELETE live': 404,
      'test GET sandbox': 200,
      'test DELETE sandbox': 200,
    };
    expect(await ask()).toEqual(own);
    expect((await stack.db.query('select from checks where reference = $1', [live.reference])).rowCount).toBe(0);
    expect(await ask()).toEqual(own);
  });
});

describe("another client's check, a test key's, and one that never was", () => {
  it('are answered alike on every route', async () => {
    const check = await aCompleteCheck();
    const { clientId } = (
      await stack.db.query('select client_id as "clientId" from checks where reference = $1', [check.reference])
    ).rows[0];
    const [stranger, testKey] = [await aKey(), await aKey('test', clientId)];
    const never = '00000000-0000-4000-8000-000000000000';
    const erasure = (await call('POST', '/erasures', { body: { person_reference: 'x' } })).body.id;
    const routes = [
      ['DELETE', '/checks/REF'],
      ['GET', '/checks/REF/export'],
      ['GET', '/checks/REF/deletion_receipts'],
    ] as const;
    for (const [method, path] of routes) {
      const unknown = await call(method, path.replace('REF', never));
      expect(unknown.status).toBe(404);
      for (const { apiKey } of [stranger, testKey]) {
        const foreign = await call(method, path.replace('REF', check.reference), { apiKey });
        expect({ ...foreign.body, reference: '' }).toEqual({ ...unknown.body, reference: '' });
        expect(foreign.status).toBe(404);
      }
    }
    expect((await call('GET', `/erasures/${erasure}`, { apiKey: stranger.apiKey })).status).toBe(404);
    for (const [method, path] of [...routes, ['POST', '/erasures'], ['GET', `/erasures/${erasure}`]] as const) {
      expect((await call(method, path.replace('REF', check.reference), { apiKey: 'none' })).status).toBe(401);
    }
    expect((await call('GET', `/liveness_check?token=${check.token}`)).status).toBe(200);
  });
});
