/** The append-only log of acts. Changes to clients, keys and policies log themselves (triggers); this is for the rest. */
import type { Queryable } from './database.ts';

export type Act = {
  /** `key:<api key>` or `admin:<user>`. */
  actor: string;
  action: string;
  clientId?: string | null;
  /** What it was done to: an id, never a secret. */
  subject?: string | null;
  details?: Record<string, unknown>;
};

/** Adds an act. */
export async function recordAct(db: Queryable, act: Act): Promise<void> {
  await db.query(
    /* sql */ `insert into audit_log (actor, action, client_id, subject, details) values ($1, $2, $3, $4, $5)`,
    [act.actor, act.action, act.clientId ?? null, act.subject ?? null, JSON.stringify(act.details ?? {})],
  );
}
