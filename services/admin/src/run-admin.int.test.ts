import { parseApiKey } from '@livegate/crypto/api-key';
import { findApiKey } from '@livegate/db/clients';
import { hasCollection } from '@livegate/db/instant-checks';
import { someDeliveries } from '@livegate/test-kit/deliveries';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { runAdmin } from './run-admin.ts';

const { url, db } = await cloneDatabase();

async function admin(...args: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await runAdmin({
    args: [...args, '--json'],
    env: { DATABASE_URL: url },
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  return { code, rows: printed.map((line) => JSON.parse(line)), complaints: complaints.join('\n') };
}

describe('npm run admin', () => {
  it('makes a client with keys that work, two at a time, and takes them back', async () => {
    const { client } = (await admin('client', 'create', 'Acme')).rows[0];
    const [first, second] = [
      (await admin('key', 'create', client)).rows[0],
      (await admin('key', 'create', client, '--expires', '90')).rows[0],
    ];
    expect(await findApiKey(db, first.key)).toMatchObject({ clientId: client, usable: true, mode: 'live' });
    expect(parseApiKey(second.secret)?.keyId).toBe(second.key);
    expect(await admin('key', 'create', client)).toMatchObject({
      code: 1,
      complaints: expect.stringContaining('revoke one first'),
    });
    expect((await admin('key', 'revoke', first.key)).code).toBe(0);
    expect((await admin('key', 'revoke', first.key)).code).toBe(1);
    expect((await findApiKey(db, first.key))?.usable).toBe(false);
    expect((await admin('key', 'create', client)).rows[0].secret).toMatch(/^lv_live_/);
    const listed = (await admin('key', 'list', client)).rows;
    expect(listed.map(({ state }) => state).sort()).toEqual(['revoked', 'usable', 'usable']);
    expect(JSON.stringify(listed)).not.toContain(second.secret);
  });

  it('disables a client with all its keys', async () => {
    const { client } = (await admin('client', 'create', 'Gone')).rows[0];
    const { key } = (await admin('key', 'create', client)).rows[0];
    expect((await admin('client', 'disable', client)).code).toBe(0);
    expect((await findApiKey(db, key))?.usable).toBe(false);
    expect((await admin('client', 'list')).rows).toContainEqual(expect.objectContaining({ client, state: 'disabled' }));
  });

  it('makes collections of a client that no other client has', async () => {
    const { client } = (await admin('client', 'create', 'Filing')).rows[0];
    const { collection } = (await admin('collection', 'create', client, 'faces')).rows[0];
    expect(await hasCollection(db, { clientId: client, collectionId: collection })).toBe(true);
    expect(await hasCollection(db, { clientId: 'cli_other', collectionId: collection })).toBe(false);
    expect((await admin('collection', 'create', client, 'faces')).code).toBe(1);
    expect((await admin('collection', 'list', client)).rows).toEqual([{ collection, name: 'faces' }]);
  });

  it('lists deliveries, tells an event again and recovers a time range', async () => {
    const { client } = (await admin('client', 'create', 'Hooked')).rows[0];
    const [first = '', second = ''] = await someDeliveries(db, {
      clientId: client,
      url: 'https://hooks.example.com/',
      count: 2,
    });
    await db.query(
      `update deliveries set next_attempt_at = null, dead_at = now(), dead_reason = 'exhausted' where client_id = $1`,
      [client],
    );
    const dead = (await admin('delivery', 'list', client, '--state', 'dead')).rows;
    expect(dead.map(({ delivery }) => delivery).sort()).toEqual([first, second].sort());
    expect(dead[0]).toMatchObject({
      state: 'dead',
      reason: 'exhausted',
      origin: 'https://hooks.example.com',
      attempts: 0,
    });
    const { event, delivery } = dead[0];
    expect((await admin('delivery', 'replay', event)).rows).toEqual([{ delivery, due: true }]);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    expect((await admin('delivery', 'recover', client, '--since', since)).rows).toEqual([
      { recovered: 1, more: false },
    ]);
    expect((await admin('delivery', 'list', client, '--state', 'due')).rows).toHaveLength(2);
    for (const refused of [
      ['delivery', 'replay', 'evt_none'],
      ['delivery', 'recover', client],
      ['delivery', 'recover', client, '--since', 'yesterday'],
      ['delivery', 'list', client, '--state', 'lost'],
      ['endpoint', 'disable', client, 'wep_none'],
    ])
      expect(await admin(...refused)).toMatchObject({ code: 1, complaints: expect.stringMatching(/^livegate: .+/) });
  });

  it.each([[[]], [['client']], [['client', 'create']], [['key', 'create', 'a', 'b']], [['client', 'create', '']]])(
    'shows how it is used: %j',
    async (args) => {
      const { code, complaints } = await admin(...args);
      expect(code).toBe(2);
      for (const { usage } of Object.values(COMMANDS)) expect(complaints).toContain(usage);
    },
  );

  it.each([
    [['key', 'create', 'cli_nobody']],
    [['key', 'create', 'x', '--mode', 'test']],
    [['key', 'create', 'x', '--expires', '0']],
    [['client', 'list', '--wide']],
  ])('refuses in words: %j', async (args) => {
    const { code, complaints } = await admin(...args);
    expect(code).toBe(1);
    expect(complaints).toMatch(/^livegate: .+/);
  });
});
