import { isPassword } from '@livegate/crypto/password';
import { findOperatorSession, findPasswordHash, openOperatorSession } from '@livegate/db/operators';
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

it('makes operators whose passwords are shown once, resets and disables them, and ends their sessions with that', async () => {
  const { row: made } = await admin('operator', 'create', 'ada', '--role', 'admin', '--images');
  expect(made).toMatchObject({ operator: 'ada', role: 'admin', images: true, note: 'shown once' });
  expect(await isPassword(made.password ?? '', await findPasswordHash(db, 'ada'))).toBe(true);
  expect((await admin('operator', 'create', 'ada')).code).toBe(1);
  expect((await admin('operator', 'create', 'Ada!')).code).toBe(1);
  expect((await admin('operator', 'create', 'bob', '--role', 'root')).code).toBe(1);
  expect((await admin('operator', 'list')).row).toMatchObject({ operator: 'ada', state: 'enabled' });

  const digest = Buffer.alloc(32, 1);
  await openOperatorSession(db, { digest, name: 'ada', replaces: null });
  expect((await admin('operator', 'grant', 'ada')).code).toBe(1);
  expect((await admin('operator', 'grant', 'ada', '--role', 'viewer')).code).toBe(0);
  expect(await findOperatorSession(db, digest)).toMatchObject({ role: 'viewer', seesImages: false });
  const { row: reset } = await admin('operator', 'reset', 'ada');
  expect(await findOperatorSession(db, digest)).toBeNull();
  expect(await isPassword(made.password ?? '', await findPasswordHash(db, 'ada'))).toBe(false);
  expect(await isPassword(reset.password ?? '', await findPasswordHash(db, 'ada'))).toBe(true);

  await openOperatorSession(db, { digest, name: 'ada', replaces: null });
  expect((await admin('operator', 'disable', 'ada')).code).toBe(0);
  expect(await findOperatorSession(db, digest)).toBeNull();
  expect(await findPasswordHash(db, 'ada')).toBeNull();
  expect((await admin('operator', 'disable', 'ada')).code).toBe(1);
  expect((await admin('operator', 'reset', 'nobody')).code).toBe(1);

  const { rows } = await db.query(`select actor, action, details::text from audit_log where action like 'operator%'`);
  expect(rows.some(({ action }) => action === 'operators.insert')).toBe(true);
  expect(JSON.stringify(rows)).not.toContain(made.password);
});
