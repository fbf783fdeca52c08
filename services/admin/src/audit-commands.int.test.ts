import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyRing, openKeyRing } from '@livegate/crypto/key-ring';
import { recordAct } from '@livegate/db/audit-log';
import { createApiKey, createClient, revokeApiKey, touchApiKey } from '@livegate/db/clients';
import type { Queryable } from '@livegate/db/database';
import { deleteEndpoint, insertEndpoint, rotateEndpointSecret, updateEndpoint } from '@livegate/db/endpoints';
import { newId } from '@livegate/domain/ids';
import type { SweepDeps } from '@livegate/lifecycle/sweep';
import { sealAuditLog } from '@livegate/lifecycle/sweeps/seal-audit-log';
import { createLogger } from '@livegate/telemetry/logger';
import { aCheck } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAdmin } from './run-admin.ts';

const { url, db } = await cloneDatabase();
const keyDir = await mkdtemp(join(tmpdir(), 'livegate-audit-'));
afterAll(() => rm(keyDir, { recursive: true }));
const keyRing = await openKeyRing({ dir: keyDir });
const headFile = join(keyDir, 'audit-head.json');
const logger = createLogger({ service: 'test', level: 'silent' });
const seal = async () => {
  while ((await sealAuditLog({ db, keyRing, logger } as SweepDeps)) > 0);
};

async function admin(...args: string[]) {
  const [printed, complaints]: string[][] = [[], []];
  const env = { DATABASE_URL: url, LIVEGATE_KEY_DIR: keyDir };
  const print = (text: string) => void printed?.push(text);
  const code = await runAdmin({
    args: [...args, '--json'],
    env,
    print,
    complain: (text) => void complaints?.push(text),
  });
  return { code, rows: (printed ?? []).map((line) => JSON.parse(line)), complaints: complaints?.join('\n') };
}

/** What an attacker does who owns the database: past every trigger. Undone afterwards, so that the next test begins whole. */
async function tamper(change: string, verify: () => Promise<void>): Promise<void> {
  const tables = ['check_transition_log', 'audit_log', 'audit_chain', 'audit_seals'];
  for (const table of tables) await db.query(`create table kept_${table} as select * from ${table}`);
  await pastTriggers((tx) => tx.query(change));
  try {
    await verify();
  } finally {
    await pastTriggers(async (tx) => {
      for (const table of tables) {
        await tx.query(`delete from ${table}`);
        await tx.query(`insert into ${table} overriding system value select * from kept_${table}`);
        await tx.query(`drop table kept_${table}`);
      }
    });
  }
}

const CUT_OFF = `with cut as (select first_position from audit_seals order by seal desc limit 1), rows as (delete from audit_log using audit_chain, cut where source = 'acts' and audit_chain.sequence = audit_log.sequence and position >= first_position), links as (delete from audit_chain using cut where position >= first_position) delete from audit_seals using cut where audit_seals.first_position = cut.first_position`;

const pastTriggers = (work: (tx: Queryable) => Promise<unknown>) =>
  db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await work(tx);
  });

describe('the log of acts', () => {
  it('holds every change to clients, keys and policies, whoever makes it, and no secret', async () => {
    const clientId = await createClient(db, { name: 'Acme' });
    await createApiKey(db, { clientId, keyId: 'AAAAAAAAAAAA', mode: 'live', digest: Buffer.alloc(32, 7) });
    await touchApiKey(db, 'AAAAAAAAAAAA');
    await revokeApiKey(db, 'AAAAAAAAAAAA');
    await db.query(`insert into retention_policies values ($1, 'probe', 60)`, [clientId]);
    const { rows } = await db.query(
      'select action, subject, details, actor from audit_log where client_id = $1 order by sequence',
      [clientId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'clients.insert',
      'api_keys.insert',
      'api_keys.update',
      'retention_policies.insert',
    ]);
    expect(rows[2]).toMatchObject({
      subject: 'AAAAAAAAAAAA',
      details: { revoked_at: expect.any(String) },
      actor: 'test',
    });
    expect(JSON.stringify(rows)).not.toContain('0707');
  });

  it('holds every change to webhook endpoints and their secrets, and of an address the origin alone', async () => {
    const [clientId, id] = [await createClient(db, { name: 'Told' }), newId('endpoint')];
    const endpoint = { clientId, endpointId: id };
    const wrapped = Buffer.alloc(60, 7);
    const url = 'https://example.com/a-secret-path';
    await insertEndpoint(db, { clientId, id, url, description: '', events: [], wrapped });
    await updateEndpoint(db, { ...endpoint, disabled: true });
    await rotateEndpointSecret(db, { ...endpoint, wrapped, overlapSeconds: 60 });
    await deleteEndpoint(db, endpoint);
    const { rows } = await db.query('select action, details from audit_log where subject = $1 order by sequence', [id]);
    expect(rows).toMatchObject([
      { action: 'webhook_endpoints.insert', details: { origin: 'https://example.com' } },
      { action: 'webhook_endpoint_secrets.insert' },
      { action: 'webhook_endpoints.update', details: { disabled_at: expect.any(String) } },
      { action: 'webhook_endpoint_secrets.insert' },
      { action: 'webhook_endpoints.update', details: { deleted_at: expect.any(String) } },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/secret-path|0707/);
  });

  it('holds what was done by command, by whom', async () => {
    await admin('client', 'create', 'By command');
    const { rows } = await db.query(`select actor, details from audit_log where action = 'client create'`);
    expect(rows).toEqual([{ actor: expect.stringMatching(/^admin:./), details: { arguments: ['By command'] } }]);
  });

  it.each(['audit_log', 'audit_chain', 'audit_seals'])('lets nobody rewrite %s', async (table) => {
    await recordAct(db, { actor: 'test', action: 'something' });
    await seal();
    for (const statement of [
      `update ${table} set ${table === 'audit_log' ? 'actor = actor' : table === 'audit_chain' ? 'link = link' : 'jws = jws'}`,
      `delete from ${table}`,
      `truncate ${table}`,
    ]) {
      await expect(db.query(statement)).rejects.toThrow(/append-only/);
    }
  });
});

describe('npm run admin -- audit verify', () => {
  beforeAll(async () => {
    for (let act = 0; act < 20; act += 1) await recordAct(db, { actor: 'test', action: `act ${act}` });
    await aCheck(db);
    await seal();
    for (let act = 20; act < 700; act += 1) await recordAct(db, { actor: 'test', action: `act ${act}` });
    await aCheck(db);
    await seal();
  });

  it('says that the log holds, over several seals', async () => {
    const { code, rows } = await admin('audit', 'verify');
    expect({ code, rows }).toMatchObject({ code: 0, rows: [{ holds: true }] });
    expect(rows[0].seals).toBeGreaterThanOrEqual(3);
    expect(rows[0].rows).toBeGreaterThan(700);
  });

  const nth = (offset: number) =>
    `(select sequence from audit_log where action like 'act %' order by sequence offset ${offset} limit 1)`;
  it.each([
    ['an altered act', `update audit_log set actor = 'somebody else' where sequence = ${nth(9)}`, 9, 'was altered'],
    ['a missing act', `delete from audit_log where sequence = ${nth(300)}`, 300, 'is missing'],
    [
      'the first of two',
      `update audit_log set details = '{"a":1}' where sequence in (${nth(450)}, ${nth(500)})`,
      450,
      'was altered',
    ],
    [
      'a moved time',
      `update audit_log set at = at + interval '1 microsecond' where sequence = ${nth(30)}`,
      30,
      'was altered',
    ],
  ])('names the row of %s', async (_, change, offset, what) => {
    const { rows } = await db.query(`select ${nth(offset)}::int as sequence`);
    await tamper(change, async () => {
      const { code, complaints } = await admin('audit', 'verify');
      expect(code).toBe(1);
      expect(complaints).toContain(`row ${rows[0].sequence} of the acts`);
      expect(complaints).toContain(what);
    });
  });

  it.each([
    [
      'a transition that never was so',
      `update check_transition_log set event = 'verdict' where sequence = (select min(sequence) from check_transition_log)`,
      'of the transitions, or its link',
    ],
    [
      'links made anew without the key',
      `update audit_chain set link = sha256(link) where position >= 100`,
      'its link 100, was altered',
    ],
    ['a link that is gone', 'delete from audit_chain where position = 77', 'link 77 is missing'],
    ['a seal that is gone', 'delete from audit_seals where seal = 2', 'seal 2 is missing'],
    [
      'a seal that is another',
      'update audit_seals set jws = (select jws from audit_seals where seal = 1) where seal = 2',
      'seal 2 says something else',
    ],
    [
      'a signature with another letter',
      `update audit_seals set jws = overlay(jws placing 'AAAA' from length(jws) - 10) where seal = 1`,
      'signature of seal 1 does not hold',
    ],
    ['an end that was cut off, links and seals and all', CUT_OFF, 'and had come to row'],
  ])('tells of %s', async (_, change, what) => {
    await tamper(change, async () => {
      const { code, complaints } = await admin('audit', 'verify');
      expect(code).toBe(1);
      expect(complaints).toContain(what);
    });
  });

  it('finds the cut also after acts that came later: nothing is sealed onto it until somebody says why', async () => {
    const head = await readFile(headFile, 'utf8');
    await tamper(CUT_OFF, async () => {
      await recordAct(db, { actor: 'test', action: 'later' });
      await expect(seal()).rejects.toThrow('and had come to row');
      expect((await admin('audit', 'verify')).complaints).toContain('and had come to row');
      expect(await admin('audit', 'continue', 'restored from the backup of Monday')).toMatchObject({ code: 0 });
      await seal();
      expect(await admin('audit', 'verify')).toMatchObject({ code: 0 });
      const { rows } = await db.query(`select details from audit_log where action = 'audit.continued'`);
      const cut = expect.stringContaining('had come to row');
      expect(rows).toEqual([{ details: { reason: 'restored from the backup of Monday', cut } }]);
    });
    await writeFile(headFile, head);
    expect(await admin('audit', 'verify')).toMatchObject({ code: 0 });
    expect((await admin('audit', 'continue', 'for nothing')).complaints).toContain('nothing to continue');
  });

  it('tells of what was known of the end being gone, and seals nothing without it', async () => {
    const head = await readFile(headFile, 'utf8');
    await rm(headFile);
    expect((await admin('audit', 'verify')).complaints).toContain('no audit-head.json');
    await expect(seal()).rejects.toThrow('no audit-head.json');
    await writeFile(headFile, head);
    await seal();
    expect(await admin('audit', 'verify')).toMatchObject({ code: 0 });
  });

  it('takes a head that stayed behind for what it is: a sealer died before it could note the end', async () => {
    const behind = await readFile(headFile, 'utf8');
    for (let act = 0; act < 3; act += 1) {
      await recordAct(db, { actor: 'test', action: 'sealed, not noted' });
      await seal();
      await writeFile(headFile, behind);
    }
    expect(await admin('audit', 'verify')).toMatchObject({ code: 0 });
    await seal();
    expect(await readFile(headFile, 'utf8')).not.toBe(behind);
  });

  it('tells of a row that has been kept from the chain', async () => {
    await db.query(
      `insert into audit_log (actor, action, at) values ('test', 'slipped in', now() - interval '1 hour')`,
    );
    expect((await admin('audit', 'verify')).complaints).toContain('under no seal');
    await seal();
    expect((await admin('audit', 'verify')).code).toBe(0);
  });

  it('misses no row that is committed after rows with a later number', async () => {
    let release = () => {};
    const slow = db.transaction(async (tx) => {
      await recordAct(tx, { actor: 'test', action: 'slow' });
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await recordAct(db, { actor: 'test', action: 'quick' });
    await seal();
    release();
    await slow;
    await seal();
    const { rows } = await db.query(
      `select action from audit_chain join audit_log using (sequence) where source = 'acts' and action in ('slow', 'quick') order by position`,
    );
    expect(rows.map(({ action }) => action)).toEqual(['quick', 'slow']);
    expect((await admin('audit', 'verify')).code).toBe(0);
  });
});

describe('a chain that begins', async () => {
  const fresh = await cloneDatabase();

  it('goes on after a sealer that died before it could note the first end', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'livegate-audit-'));
    const ring = await openKeyRing({ dir });
    const dying: KeyRing = {
      ...ring,
      audit: {
        ...ring.audit,
        noteHead: async (head) => {
          if (head.position > 0) throw new Error('killed');
          await ring.audit.noteHead(head);
        },
      },
    };
    await recordAct(fresh.db, { actor: 'test', action: 'first' });
    await expect(sealAuditLog({ db: fresh.db, keyRing: dying, logger } as SweepDeps)).rejects.toThrow('killed');
    await recordAct(fresh.db, { actor: 'test', action: 'second' });
    expect(await sealAuditLog({ db: fresh.db, keyRing: ring, logger } as SweepDeps)).toBe(1);
    expect(ring.audit.head()).toMatchObject({ seal: 2 });
    await rm(dir, { recursive: true });
  });
});
