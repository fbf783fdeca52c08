/** What the frames of an attempt say about where they come from, by keyed digests that live for a day. */
import type { FrameEvidence } from '@livegate/domain/risk-signals';
import type { Queryable } from './database.ts';

type Attempt = { checkId: string; attempt: number };

/** The frames of an attempt in their order, with their times and whether an earlier one had the same bytes. */
export async function listFrameEvidence(db: Queryable, { checkId, attempt }: Attempt): Promise<FrameEvidence[]> {
  const { rows } = await db.query(
    /* sql */ `select (extract(epoch from received_at) * 1000)::float8 as "receivedMs", claimed_ms as "claimedMs", encoding,
                      fingerprint is not null
                        and row_number() over (partition by fingerprint order by seq) > 1 as "isRepeated"
                 from frames where check_id = $1 and attempt = $2 order by seq`,
    [checkId, attempt],
  );
  return rows;
}

/** How many frames of an attempt are the same as, or look the same as, frames of the one other check that has most of them. */
export async function countSeenElsewhere(db: Queryable, { checkId, attempt }: Attempt): Promise<number> {
  const { rows } = await db.query(
    /* sql */ `select coalesce(max(same), 0)::int as same
                 from (select other.check_id, count(distinct own.seq) as same
                         from frames own
                         join frames other on other.check_id <> own.check_id
                                          and (other.fingerprint = own.fingerprint or other.look = own.look)
                        where own.check_id = $1 and own.attempt = $2
                        group by other.check_id) as others`,
    [checkId, attempt],
  );
  return rows[0].same;
}

/** Forgets the digests of up to `limit` frames older than a day. Returns how many. */
export async function forgetOldDigests(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `update frames set fingerprint = null, look = null
                where (check_id, attempt, seq) in (
                      select check_id, attempt, seq from frames
                       where (fingerprint is not null or look is not null) and received_at < now() - interval '1 day'
                       limit $1)`,
    [limit],
  );
  return rowCount ?? 0;
}
