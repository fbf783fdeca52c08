/**
 * Uncertain verdicts that wait for a person, and what people said. Blind: nothing that a reviewer is given tells score, verdict,
 * client or cause. `clientId` null means all clients: for the operator.
 */
import { newId } from '@livegate/domain/ids';
import { REVIEW_LEASE_SECONDS, REVIEWERS_PER_CHECK, type ReviewCause, type ReviewLabel } from '@livegate/domain/review';
import type { Queryable } from './database.ts';

/** Puts a decided check into the queue, in the transaction of its verdict. */
export async function openReview(
  tx: Queryable,
  { checkId, causes }: { checkId: string; causes: readonly ReviewCause[] },
): Promise<void> {
  await tx.query(
    /* sql */ `insert into reviews (id, check_id, client_id, causes) select $2, id, client_id, $3 from checks where id = $1`,
    [checkId, newId('review'), causes],
  );
}

type Reviewer = { clientId: string | null; reviewer: string };

/** `labels`: how many there are. `leaseUntil`: of this reviewer's claim, while it lasts. */
export type ListedReview = {
  id: string;
  createdAt: Date;
  images: number;
  imagesExpireAt: Date;
  labels: number;
  leaseUntil: Date | null;
};

const MINE = /* sql */ `(select case when mine.lease_until > now() then mine.lease_until end from review_labels mine
                          where mine.review_id = review.id and mine.reviewer = $2)`;
// Who has labelled it, or has it in hand now.
const TAKEN_BY_OTHERS = /* sql */ `(select count(*) from review_labels other
                                     where other.review_id = review.id and other.reviewer <> $2
                                       and (other.label is not null or other.lease_until > now()))`;
const NOT_LABELLED_BY_ME = /* sql */ `not exists (select from review_labels mine
                                                   where mine.review_id = review.id and mine.reviewer = $2 and mine.label is not null)`;

/** What this reviewer could look at now, that first whose images end soonest. */
export async function listReviews(
  db: Queryable,
  { clientId, reviewer, limit }: Reviewer & { limit: number },
): Promise<ListedReview[]> {
  const { rows } = await db.query(
    /* sql */ `select review.id, review.created_at as "createdAt", checks.images_expire_at as "imagesExpireAt",
                      (select count(*)::int from frames
                        where frames.check_id = checks.id and role is not null and image_expires_at > now()) as images,
                      (select count(*)::int from review_labels given
                        where given.review_id = review.id and given.label is not null) as labels,
                      ${MINE} as "leaseUntil"
                 from reviews review join checks on checks.id = review.check_id
                where ($1::text is null or review.client_id = $1) and checks.images_expire_at > now()
                  and ${TAKEN_BY_OTHERS} < $4 and ${NOT_LABELLED_BY_ME}
                order by checks.images_expire_at, review.id limit $3`,
    [clientId, reviewer, limit, REVIEWERS_PER_CHECK],
  );
  return rows;
}

/** The check behind a review, or null: another client's is as unknown as one that never was, and so is one without images. */
export async function findReviewedCheck(
  db: Queryable,
  { clientId, reviewId }: { clientId: string | null; reviewId: string },
): Promise<string | null> {
  const { rows } = await db.query(
    /* sql */ `select check_id as "checkId" from reviews where id = $2 and ($1::text is null or client_id = $1)`,
    [clientId, reviewId],
  );
  return rows[0]?.checkId ?? null;
}

/** Claims a check for a reviewer, or lengthens their claim; null when it cannot be had (any more). One transaction of the caller's. */
export async function claimReview(
  tx: Queryable,
  { reviewId, reviewer }: { reviewId: string; reviewer: string },
): Promise<{ leaseUntil: Date } | null> {
  // Two claims of the last free place are taken one after the other.
  await tx.query(/* sql */ `select pg_advisory_xact_lock(hashtextextended('review ' || $1, 0))`, [reviewId]);
  const { rows } = await tx.query(
    /* sql */ `insert into review_labels as mine (review_id, reviewer, lease_until)
               select review.id, $2, now() + make_interval(secs => $3)
                 from reviews review join checks on checks.id = review.check_id
                where review.id = $1 and checks.images_expire_at > now() and ${TAKEN_BY_OTHERS} < $4
               on conflict (review_id, reviewer) do update set lease_until = excluded.lease_until where mine.label is null
               returning lease_until as "leaseUntil"`,
    [reviewId, reviewer, REVIEW_LEASE_SECONDS, REVIEWERS_PER_CHECK],
  );
  return rows[0] ?? null;
}

/** Whether the reviewer has it in hand now. */
export async function holdsReview(
  db: Queryable,
  { reviewId, reviewer }: { reviewId: string; reviewer: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `select from review_labels where review_id = $1 and reviewer = $2 and label is null and lease_until > now()`,
    [reviewId, reviewer],
  );
  return rowCount === 1;
}

/** Keeps a label; false when the reviewer does not have it in hand. A label is given once. */
export async function labelReview(
  db: Queryable,
  { reviewId, reviewer, label }: { reviewId: string; reviewer: string; label: ReviewLabel },
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `update review_labels set label = $3, labelled_at = now()
                where review_id = $1 and reviewer = $2 and label is null and lease_until > now()`,
    [reviewId, reviewer, label],
  );
  return rowCount === 1;
}

/** `labels`: one of each reviewer, in the order in which they were given. `subject`: the person's keyed hash, if known. */
export type LabelledReview = { id: string; checkId: string; subject: string | null; labels: ReviewLabel[] };

/** Every check that somebody has labelled, oldest first. */
export async function listLabelledReviews(db: Queryable): Promise<LabelledReview[]> {
  const { rows } = await db.query(
    /* sql */ `select review.id, review.check_id as "checkId", encode(substring(checks.person_digest for 8), 'hex') as subject,
                      array_agg(given.label order by given.labelled_at, given.reviewer) as labels
                 from reviews review join checks on checks.id = review.check_id
                 join review_labels given on given.review_id = review.id and given.label is not null
                group by review.id, checks.id order by review.created_at, review.id`,
  );
  return rows;
}
