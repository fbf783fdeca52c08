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

/** The limits as the api sees them, through a key of the client. */
async function findApiKeyLimits(client: string) {
  const { key } = (await admin('key', 'create', client)).rows[0];
  const found = await findApiKey(db, key);
  if (!found) throw new Error('the key must be found');
  return found.limits;
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

  it('makes test keys beside the live ones', async () => {
    const { client } = (await admin('client', 'create', 'Trying')).rows[0];
    for (const mode of ['live', 'test']) {
      const args = ['key', 'create', client, ...(mode === 'test' ? ['--test'] : [])];
      for (const { secret } of [(await admin(...args)).rows[0], (await admin(...args)).rows[0]]) {
        expect(secret).toMatch(new RegExp(`^lv_${mode}_`));
      }
      expect((await admin(...args)).complaints).toContain(`2 usable ${mode} keys`);
    }
  });

  it('sets limits one by one, shows them, and lifts them', async () => {
    const { client } = (await admin('client', 'create', 'Limited')).rows[0];
    await admin('quota', 'set', client, '--requests-per-minute', '600', '--checks-per-month', '0');
    const limits = {
      client,
      requestsPerMinute: 600,
      checksPerMonth: 0,
      openChecks: null,
      madeThisMonth: 0,
      openNow: 0,
    };
    expect((await admin('quota', 'show', client)).rows).toEqual([{ ...limits, name: 'Limited' }]);
    await admin('quota', 'set', client, '--checks-per-month', 'none', '--open-checks', '3');
    expect((await admin('quota', 'show', client)).rows[0]).toMatchObject({ checksPerMonth: null, openChecks: 3 });
    expect((await findApiKeyLimits(client)).requestsPerMinute).toBe(600);
  });

  it.each([
    ['--requests-per-minute', '0'],
    ['--open-checks', '-1'],
    ['--open-checks', '1.5'],
    ['--checks-per-month', '99999999999'],
  ])('refuses the limit %s %s', async (option, text) => {
    const { client } = (await admin('client', 'create', 'Odd')).rows[0];
    expect((await admin('quota', 'set', client, `${option}=${text}`)).code).toBe(1);
    expect((await admin('quota', 'set', client)).complaints).toContain('at least one limit');
    expect((await admin('quota', 'set', 'cli_none', '--open-checks', '1')).complaints).toContain('no client');
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

  it('notes what was done and what failed, by whom and why, and no secret that was given by mistake', async () => {
    const { client } = (await admin('client', 'create', 'Noted')).rows[0];
    const { secret } = (await admin('key', 'create', client)).rows[0];
    expect((await admin('key', 'revoke', secret)).code).toBe(1);
    expect((await admin('policy', 'risk', client, 'ignore')).code).toBe(1);
    expect((await admin('no', 'such')).code).toBe(2);
    const { rows } = await db.query(
      `select actor, action, details from audit_log where actor like 'admin:%' order by sequence desc limit 4`,
    );
    const id = secret.slice(0, 20);
    expect(rows.reverse()).toEqual([
      { actor: expect.any(String), action: 'client create', details: { arguments: ['Noted'] } },
      { actor: expect.any(String), action: 'key create', details: { arguments: [client] } },
      {
        actor: expect.any(String),
        action: 'key revoke',
        details: { arguments: [`${id}_…`], failed: `no usable key ${id}_…` },
      },
      {
        actor: expect.any(String),
        action: 'policy risk',
        details: { arguments: [client, 'ignore'], failed: 'ignore is not one of report, review, fail' },
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});
