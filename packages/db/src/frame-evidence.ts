/** What the frames of an attempt say about where they come from, by keyed digests that live for a day. */
import type { FrameEvidence, SeenElsewhere } from '@livegate/domain/risk-signals';
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

/**
 * What of an attempt's frames is in other checks too, of whichever client and contract. A check that failed was answered with
 * no verdict, and its sender was asked to try again: sending the same image again is no reuse.
 */
export async function countSeenElsewhere(db: Queryable, { checkId, attempt }: Attempt): Promise<SeenElsewhere> {
  const { rows } = await db.query(
    /* sql */ `with others as (
                 select other.check_id, count(distinct own.seq) as alike,
                        count(distinct own.seq) filter (where other.fingerprint = own.fingerprint) as identical
                   from frames own
                   join frames other on other.check_id <> own.check_id
                                    and (other.fingerprint = own.fingerprint or other.look = own.look)
                   join checks on checks.id = other.check_id and checks.state <> 'failed'
                  where own.check_id = $1 and own.attempt = $2
                  group by other.check_id)
               select coalesce(max(alike), 0)::int as alike, coalesce(max(identical), 0)::int as identical from others`,
    [checkId, attempt],
  );
  return rows[0];
}

/** Whether the image of an instant check is in another check, as above. Ends with the first that is found: some have thousands. */
export async function isImageElsewhere(db: Queryable, checkId: string): Promise<boolean> {
  const { rows } = await db.query(
    /* sql */ `select exists (
                 select from frames own
                   join frames other on other.fingerprint = own.fingerprint and other.check_id <> own.check_id
                   join checks on checks.id = other.check_id and checks.state <> 'failed'
                  where own.check_id = $1) as elsewhere`,
    [checkId],
  );
  return rows[0].elsewhere;
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
