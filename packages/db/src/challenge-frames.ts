/** What the frames of a challenge showed: read by whoever follows or judges it. */
import type { ChallengeFrame } from '@livegate/domain/follow-challenge';
import type { Queryable } from './database.ts';

type Attempt = { checkId: string; attempt: number };
export type StoredChallengeFrame = ChallengeFrame & { score: number | null };

/** The scored frames of an attempt before the first that is not scored yet, in their order. */
export async function listChallengeFrames(
  db: Queryable,
  { checkId, attempt }: Attempt,
): Promise<StoredChallengeFrame[]> {
  const { rows } = await db.query(
    /* sql */ `select seq, step, score, reasons, bounding_box as "boundingBox",
                      (extract(epoch from received_at) * 1000)::float8 as "receivedMs",
                      case when head_turn is not null
                           then json_build_object('turn', head_turn, 'aspect', head_aspect, 'solidity', head_solidity) end as head
                 from frames
                where check_id = $1 and attempt = $2 and step is not null
                  and seq < coalesce((select min(seq) from frames waiting
                                       where waiting.check_id = $1 and waiting.attempt = $2 and waiting.scored_at is null),
                                     32767)
                order by seq`,
    [checkId, attempt],
  );
  return rows;
}

/** The last place taken in an attempt, or -1. */
export async function lastSequence(db: Queryable, { checkId, attempt }: Attempt): Promise<number> {
  const { rows } = await db.query(
    /* sql */ `select coalesce(max(seq), -1)::int as last from frames where check_id = $1 and attempt = $2`,
    [checkId, attempt],
  );
  return rows[0].last;
}

/** How many frames of an attempt wait to be scored. */
export async function countUnscored(db: Queryable, { checkId, attempt }: Attempt): Promise<number> {
  const { rows } = await db.query(
    /* sql */ `select count(*)::int as waiting from frames where check_id = $1 and attempt = $2 and scored_at is null`,
    [checkId, attempt],
  );
  return rows[0].waiting;
}
