/** What a client decides about checks: the alternative for people who cannot turn their head, risk signals, who has to wait. */
import type { FailureLock } from '@livegate/domain/failure-lock';
import type { Queryable } from './database.ts';

export type ClientPolicies = { turnAlternative: 'refer' | 'still'; riskPolicy: 'report' | 'review' | 'fail' };

/** The policies of a client, or null when there is none. */
export async function findPolicies(db: Queryable, clientId: string): Promise<ClientPolicies | null> {
  const { rows } = await db.query(
    /* sql */ `select turn_alternative as "turnAlternative", risk_policy as "riskPolicy" from clients where id = $1`,
    [clientId],
  );
  return rows[0] ?? null;
}

/** Changes the policies that are named; false when there is no such client. */
export async function setPolicies(
  db: Queryable,
  { clientId, turnAlternative, riskPolicy }: { clientId: string } & Partial<ClientPolicies>,
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `update clients set turn_alternative = coalesce($2, turn_alternative), risk_policy = coalesce($3, risk_policy)
                where id = $1`,
    [clientId, turnAlternative ?? null, riskPolicy ?? null],
  );
  return rowCount === 1;
}

/** When people and devices of a client's checks have to wait, or null where it is what the deployment says. */
export async function findFailureLock(db: Queryable, clientId: string): Promise<FailureLock | null> {
  const { rows } = await db.query(
    /* sql */ `select lock_failures as failures, lock_window_seconds as "windowSeconds", lock_seconds as "lockSeconds"
                 from clients where id = $1 and lock_failures is not null`,
    [clientId],
  );
  return rows[0] ?? null;
}

/** Sets it; null: what the deployment says. False when there is no such client. */
export async function setFailureLock(
  db: Queryable,
  { clientId, lock }: { clientId: string; lock: FailureLock | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `update clients set lock_failures = $2, lock_window_seconds = $3, lock_seconds = $4 where id = $1`,
    [clientId, lock?.failures ?? null, lock?.windowSeconds ?? null, lock?.lockSeconds ?? null],
  );
  return rowCount === 1;
}
