/** What a client decides about checks: the alternative for people who cannot turn their head, and risk signals. */
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
