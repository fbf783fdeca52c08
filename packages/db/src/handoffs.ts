/** The hand-over of a capture to another browser of the person: at most one per check, by a token that works once. */
import { HANDOFF_SECONDS } from '@livegate/domain/limits';
import type { Queryable } from './database.ts';

export type Handoff = {
  tokenDigest: Buffer;
  /** The browser that offered, and the one that took the capture. */
  fromDigest: Buffer;
  toDigest: Buffer | null;
  /** Not taken, and its time is over by the database's clock. */
  isExpired: boolean;
};

/** Offers the capture under a new token; an earlier offer of the check is void. */
export async function offerHandoff(
  tx: Queryable,
  { checkId, tokenDigest, fromDigest }: { checkId: string; tokenDigest: Buffer; fromDigest: Buffer },
): Promise<void> {
  await tx.query(
    /* sql */ `insert into handoffs (check_id, token_digest, from_digest, expires_at)
               values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
               on conflict (check_id) do update
                  set token_digest = excluded.token_digest, from_digest = excluded.from_digest,
                      expires_at = excluded.expires_at, to_digest = null, taken_at = null`,
    [checkId, tokenDigest, fromDigest, HANDOFF_SECONDS],
  );
}

/** What is offered or was taken of this check, or null. */
export async function findHandoff(db: Queryable, checkId: string): Promise<Handoff | null> {
  const { rows } = await db.query(
    /* sql */ `select token_digest as "tokenDigest", from_digest as "fromDigest", to_digest as "toDigest",
                      taken_at is null and expires_at <= clock_timestamp() as "isExpired"
                 from handoffs where check_id = $1`,
    [checkId],
  );
  return rows[0] ?? null;
}

/** Notes who took it: once, in time, with the check's own token. False otherwise. */
export async function takeHandoff(
  tx: Queryable,
  { checkId, tokenDigest, toDigest }: { checkId: string; tokenDigest: Buffer; toDigest: Buffer },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `update handoffs set to_digest = $3, taken_at = clock_timestamp()
                where check_id = $1 and token_digest = $2 and taken_at is null and expires_at > clock_timestamp()`,
    [checkId, tokenDigest, toDigest],
  );
  return rowCount === 1;
}

/** Forgets the hand-over of a check: its token names nothing from now on. */
export async function endHandoff(tx: Queryable, checkId: string): Promise<void> {
  await tx.query(/* sql */ `delete from handoffs where check_id = $1`, [checkId]);
}

/** Forgets an offer that nobody has taken. */
export async function withdrawOffer(tx: Queryable, checkId: string): Promise<void> {
  await tx.query(/* sql */ `delete from handoffs where check_id = $1 and taken_at is null`, [checkId]);
}

/**
 * Moves an open capture to another browser. A session that was live is replaced by one that nobody holds: frames of the
 * browser before are refused, and what it had begun can still be counted as an attempt.
 */
export async function rebindCapture(
  tx: Queryable,
  { checkId, browserDigest, sessionDigest }: { checkId: string; browserDigest: Buffer | null; sessionDigest: Buffer },
): Promise<void> {
  await tx.query(
    /* sql */ `update checks set browser_digest = $2,
                                 session_digest = case when session_digest is not null then $3::bytea end
                where id = $1`,
    [checkId, browserDigest, sessionDigest],
  );
}
