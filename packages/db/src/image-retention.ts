/** When kept images end: each at its own time, by the policy of its client. */
import type { Queryable } from './database.ts';
import { listHeld } from './legal-holds.ts';

/** Starts the time of the images that are kept, in the transaction of the verdict. */
export async function startImageRetention(tx: Queryable, checkId: string): Promise<void> {
  await tx.query(
    /* sql */ `update frames
                  set image_expires_at = now() + retention(checks.client_id, case role when 'probe' then 'probe' else 'audit_images' end)
                 from checks where checks.id = $1 and check_id = $1 and role in ('probe', 'audit')`,
    [checkId],
  );
}

/** Checks with an image past its time that no hold keeps, the longest overdue first. */
export async function listChecksToPurge(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select id from (select check_id as id, image_expires_at as over from frames where image_expires_at <= now()
                               union all
                               select id, images_expire_at from checks where images_expire_at <= now() and data_key is not null) due
                where id not in (select check_id from legal_holds)
                group by id order by min(over) limit $1`,
    [limit],
  );
  return rows.map((row) => row.id as string);
}

export type EndedImages = {
  clientId: string;
  reference: string;
  sandbox: boolean;
  /** When the last key ends that could open a copy of an image; null when none is left. */
  unrecoverableAt: Date | null;
  /** The images that ended now, by role. */
  ended: { probe: number; auditImages: number };
  /** The images whose time is not over. */
  remaining: { attempt: number; seq: number }[];
};

/** Ends the images past their time of a check, its row locked; null when there are none (any more), or a hold keeps them. */
export async function endImages(tx: Queryable, checkId: string): Promise<EndedImages | null> {
  const { rows: found } = await tx.query(
    /* sql */ `select client_id as "clientId", reference, sandbox, case when keys_end_at > now() then keys_end_at end as "unrecoverableAt"
                 from checks where id = $1 for update`,
    [checkId],
  );
  if (!found[0] || (await listHeld(tx, [checkId])).has(checkId)) return null;
  const { rows: ended } = await tx.query(
    /* sql */ `update frames set image_expires_at = null
                 from checks
                where checks.id = $1 and check_id = $1
                  and (image_expires_at <= now() or image_expires_at is not null and checks.images_expire_at <= now())
            returning role`,
    [checkId],
  );
  const { rows: remaining } = await tx.query(
    /* sql */ `select attempt, seq from frames where check_id = $1 and image_expires_at is not null`,
    [checkId],
  );
  const probe = ended.filter(({ role }) => role === 'probe').length;
  return { ...found[0], ended: { probe, auditImages: ended.length - probe }, remaining };
}
