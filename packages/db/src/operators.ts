/** People who may use the console, and their sessions. A session is found by the digest of its token only. */
import { OPERATOR_SESSION, type OperatorRole } from '@livegate/domain/operator-roles';
import type { Database, Queryable } from './database.ts';

export type Operator = { name: string; role: OperatorRole; seesImages: boolean };
export type NewOperator = Operator & { passwordHash: string };

/** Adds an operator; false when the name is taken. */
export async function createOperator(db: Queryable, operator: NewOperator): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `insert into operators (name, role, sees_images, password_hash) values ($1, $2, $3, $4) on conflict do nothing`,
    [operator.name, operator.role, operator.seesImages, operator.passwordHash],
  );
  return rowCount === 1;
}

export type ListedOperator = {
  operator: string;
  role: OperatorRole;
  images: boolean;
  state: string;
  created: string;
  signedIn: string | null;
};

/** All operators, by name. */
export async function listOperators(db: Queryable): Promise<ListedOperator[]> {
  const { rows } = await db.query(
    /* sql */ `select name as operator, role, sees_images as images, created_at::text as created, signed_in_at::text as "signedIn",
                      case when disabled_at is null then 'enabled' else 'disabled' end as state
                 from operators order by name`,
  );
  return rows;
}

/** Gives an operator another role and scope, in force with their next request. False when there is none. */
export async function setOperatorRights(db: Queryable, { name, role, seesImages }: Operator): Promise<boolean> {
  const { rowCount } = await db.query(/* sql */ `update operators set role = $2, sees_images = $3 where name = $1`, [
    name,
    role,
    seesImages,
  ]);
  return rowCount === 1;
}

/** Disables an operator and ends all of their sessions. False when there is none that is enabled. */
export async function disableOperator(db: Database, name: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      /* sql */ `update operators set disabled_at = now() where name = $1 and disabled_at is null`,
      [name],
    );
    await endSessionsOf(tx, name);
    return rowCount === 1;
  });
}

/** Gives an operator a new password, enables them again and ends all of their sessions. False when there is none. */
export async function resetOperator(
  db: Database,
  { name, passwordHash }: { name: string; passwordHash: string },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      /* sql */ `update operators set password_hash = $2, password_set_at = now(), disabled_at = null where name = $1`,
      [name, passwordHash],
    );
    await endSessionsOf(tx, name);
    return rowCount === 1;
  });
}

/** Whether anybody could sign in. */
export async function hasOperators(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(/* sql */ `select from operators where disabled_at is null limit 1`);
  return rowCount === 1;
}

/** What a password is compared with; null for a name that nobody enabled has. */
export async function findPasswordHash(db: Queryable, name: string): Promise<string | null> {
  const { rows } = await db.query(
    /* sql */ `select password_hash as hash from operators where name = $1 and disabled_at is null`,
    [name],
  );
  return rows[0]?.hash ?? null;
}

type NewSession = { digest: Buffer; name: string; passwordHash: string; replaces: Buffer | null };

/**
 * Opens a session in place of the browser's last one, and forgets those that are over. False when the operator was disabled, or got
 * another password, since `passwordHash` was compared. One transaction of the caller's: a reset either comes before the lock
 * on the operator, or waits for it and then ends this session.
 */
export async function openOperatorSession(
  tx: Queryable,
  { digest, name, passwordHash, replaces }: NewSession,
): Promise<boolean> {
  await tx.query(
    /* sql */ `delete from operator_sessions
                where digest = $2 or ends_at <= now() or seen_at <= now() - make_interval(mins => $1)`,
    [OPERATOR_SESSION.idleMinutes, replaces],
  );
  const { rowCount } = await tx.query(
    /* sql */ `insert into operator_sessions (digest, operator, ends_at)
               select $1, name, now() + make_interval(hours => $3) from operators
                where name = $2 and password_hash = $4 and disabled_at is null for no key update`,
    [digest, name, OPERATOR_SESSION.hours, passwordHash],
  );
  if (rowCount !== 1) return false;
  await tx.query(/* sql */ `update operators set signed_in_at = now() where name = $1`, [name]);
  return true;
}

export type OperatorSession = Operator & { endsAt: Date; seenLately: boolean };

/** Whose session this is, or null when there is none, or none any more. */
export async function findOperatorSession(db: Queryable, digest: Buffer): Promise<OperatorSession | null> {
  const { rows } = await db.query(
    /* sql */ `select operator.name, operator.role, operator.sees_images as "seesImages", session.ends_at as "endsAt",
                      session.seen_at > now() - interval '1 minute' as "seenLately"
                 from operator_sessions session join operators operator on operator.name = session.operator
                where session.digest = $1 and session.ends_at > now()
                  and session.seen_at > now() - make_interval(mins => $2) and operator.disabled_at is null`,
    [digest, OPERATOR_SESSION.idleMinutes],
  );
  return rows[0] ?? null;
}

/** Notes that the person is there. */
export async function touchOperatorSession(db: Queryable, digest: Buffer): Promise<void> {
  await db.query(/* sql */ `update operator_sessions set seen_at = now() where digest = $1`, [digest]);
}

/** Ends a session; it is unknown from now on. */
export async function endOperatorSession(db: Queryable, digest: Buffer): Promise<void> {
  await db.query(/* sql */ `delete from operator_sessions where digest = $1`, [digest]);
}

async function endSessionsOf(tx: Queryable, name: string): Promise<void> {
  await tx.query(/* sql */ `delete from operator_sessions where operator = $1`, [name]);
}
