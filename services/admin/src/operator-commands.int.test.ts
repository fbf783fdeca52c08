import { isPassword } from '@livegate/crypto/password';
import { findOperatorSession, findPasswordHash, openOperatorSession } from '@livegate/db/operators';
import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { expect, it } from 'vitest';
import { runAdmin } from './run-admin.ts';

const { url, db } = await cloneDatabase();

async function admin(...args: string[]) {
  const rows: Record<string, string>[] = [];
  const code = await runAdmin({
    args: [...args, '--json'],
    env: { DATABASE_URL: url },
    print: (text) => rows.push(JSON.parse(text)),
    complain: () => undefined,
  });
  return { code, row: rows[0] ?? {} };
}

/** Opens a session for who has just given the password. */
async function signedIn(digest: Buffer, name: string): Promise<boolean> {
  const passwordHash = (await findPasswordHash(db, name)) as string;
  return db.transaction((tx) => openOperatorSession(tx, { digest, name, passwordHash, replaces: null }));
}

it('makes operators whose passwords are shown once, resets and disables them, and ends their sessions with that', async () => {
  const { row: made } = await admin('operator', 'create', 'ada', '--role', 'admin', '--images');
  expect(made).toMatchObject({ operator: 'ada', role: 'admin', images: true, note: 'shown once' });
  expect(await isPassword(made.password ?? '', await findPasswordHash(db, 'ada'))).toBe(true);
  expect((await admin('operator', 'create', 'ada')).code).toBe(1);
  expect((await admin('operator', 'create', 'Ada!')).code).toBe(1);
  expect((await admin('operator', 'create', 'bob', '--role', 'root')).code).toBe(1);
  expect((await admin('operator', 'list')).row).toMatchObject({ operator: 'ada', state: 'enabled' });

  const digest = Buffer.alloc(32, 1);
  expect(await signedIn(digest, 'ada')).toBe(true);
  expect((await admin('operator', 'grant', 'ada')).code).toBe(1);
  expect((await admin('operator', 'grant', 'ada', '--role', 'viewer')).code).toBe(0);
  expect(await findOperatorSession(db, digest)).toMatchObject({ role: 'viewer', seesImages: false });
  const { row: reset } = await admin('operator', 'reset', 'ada');
  expect(await findOperatorSession(db, digest)).toBeNull();
  expect(await isPassword(made.password ?? '', await findPasswordHash(db, 'ada'))).toBe(false);
  expect(await isPassword(reset.password ?? '', await findPasswordHash(db, 'ada'))).toBe(true);

  expect(await signedIn(digest, 'ada')).toBe(true);
  expect((await admin('operator', 'disable', 'ada')).code).toBe(0);
  expect(await findOperatorSession(db, digest)).toBeNull();
  expect(await findPasswordHash(db, 'ada')).toBeNull();
  expect((await admin('operator', 'disable', 'ada')).code).toBe(1);
  expect((await admin('operator', 'reset', 'nobody')).code).toBe(1);

  const { rows } = await db.query(`select actor, action, details::text from audit_log where action like 'operator%'`);
  expect(rows.some(({ action }) => action === 'operators.insert')).toBe(true);
  expect(JSON.stringify(rows)).not.toContain(made.password);
});

it('ends a sign-in that was under way when the password was reset, whichever comes first', async () => {
  await admin('operator', 'create', 'eve');
  const before = (await findPasswordHash(db, 'eve')) as string;
  const [early, late] = [Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
  let resetting: ReturnType<typeof admin> | undefined;
  await db.transaction(async (tx) => {
    expect(await openOperatorSession(tx, { digest: early, name: 'eve', passwordHash: before, replaces: null })).toBe(
      true,
    );
    resetting = admin('operator', 'reset', 'eve');
    await eventually(async () => {
      const { rowCount } = await db.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return (rowCount ?? 0) > 0;
    });
  });
  expect((await resetting)?.code).toBe(0);
  expect(await findOperatorSession(db, early)).toBeNull();
  const session = { digest: late, name: 'eve', passwordHash: before, replaces: null };
  expect(await db.transaction((tx) => openOperatorSession(tx, session))).toBe(false);
});
