/** Checks of the sandbox: each plays a scenario, step by step, when the database's clock says so. */
import { stateAfter, statesBefore } from '@livegate/domain/check-state';
import type { ContractName } from '@livegate/domain/thresholds';
import type { BoundingBox } from '@livegate/domain/verdict';
import type { Queryable } from './database.ts';

/**
 * Lets an open sandbox check play `scenario` from now on: its next step is due after `dueSeconds` (null: none is), and
 * its link ends after `linkSeconds` (null: when it would anyway). False when it plays one already, or is over.
 */
export async function chooseScenario(
  tx: Queryable,
  chosen: { checkId: string; scenario: string; dueSeconds: number | null; linkSeconds: number | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `update checks
                  set scenario = $2, scenario_due_at = now() + make_interval(secs => $3),
                      link_expires_at = least(link_expires_at, now() + make_interval(secs => $4))
                where id = $1 and sandbox and scenario is null and state = 'pending' and link_expires_at > now()`,
    [chosen.checkId, chosen.scenario, chosen.dueSeconds, chosen.linkSeconds],
  );
  return rowCount === 1;
}

/** Open checks whose next step is due, the longest overdue first. */
export async function listScenariosDue(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select id from checks
                where scenario_due_at <= now() and state in ('pending', 'in_progress') and link_expires_at > now()
                order by scenario_due_at limit $1`,
    [limit],
  );
  return rows.map((row) => row.id as string);
}

export type DueScenario = {
  id: string;
  clientId: string;
  dataKey: Buffer | null;
  scenario: string;
  contract: ContractName;
  threshold: number;
  state: 'pending' | 'in_progress';
};

/** The check, locked, if its step is still due and nobody else is at it. */
export async function takeDueScenario(tx: Queryable, checkId: string): Promise<DueScenario | null> {
  const { rows } = await tx.query(
    /* sql */ `select id, client_id as "clientId", data_key as "dataKey", scenario, contract, threshold, state from checks
                where id = $1 and scenario_due_at <= now() and state in ('pending', 'in_progress') and link_expires_at > now()
                  for update skip locked`,
    [checkId],
  );
  return rows[0] ?? null;
}

/** The scenario's person starts; the next step is due after `dueSeconds` (null: none is). */
export async function startScenario(
  tx: Queryable,
  { checkId, dueSeconds }: { checkId: string; dueSeconds: number | null },
): Promise<void> {
  await tx.query(
    /* sql */ `update checks set state = $2, started_at = now(), scenario_due_at = now() + make_interval(secs => $3)
                where id = $1 and state = any($4::check_state[]) and sandbox`,
    [checkId, stateAfter('start'), dueSeconds, statesBefore('start')],
  );
}

/** Nothing more is due. */
export async function endScenario(tx: Queryable, checkId: string): Promise<void> {
  await tx.query(/* sql */ `update checks set scenario_due_at = null where id = $1`, [checkId]);
}

/** The frames that a played verdict keeps: the probe first, then `auditImages` more, as if they had been captured. */
export async function insertKeptFrames(
  tx: Queryable,
  kept: { checkId: string; auditImages: number; bytes: number; boundingBox: BoundingBox },
): Promise<number[]> {
  const { rows } = await tx.query(
    /* sql */ `insert into frames (check_id, attempt, seq, bytes, bounding_box, role)
               select $1, 1, seq, $3, $4, case when seq = 0 then 'probe' else 'audit' end
                 from generate_series(0, $2::int) as seq
               returning seq`,
    [kept.checkId, kept.auditImages, kept.bytes, JSON.stringify(kept.boundingBox)],
  );
  return rows.map((row) => row.seq as number);
}
