/**
 * The outbox of inference work. A job is only a hint to look here: a claim names batch and generation, and a
 * generation that moved on fences out every earlier job. Only the database's clock is read.
 */

import type { AfterFailure } from '@livegate/domain/after-failure';
import type { Challenge } from '@livegate/domain/challenge';
import type { CheckKind } from '@livegate/domain/check-state';
import { newId } from '@livegate/domain/ids';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import type { ContractName } from '@livegate/domain/thresholds';
import type { Queryable } from './database.ts';

export type BatchHint = { batchId: string; generation: number; traceparent: string | null };
type Fence = { batchId: string; generation: number };

/** Adds a batch of generation 1. */
export async function insertBatch(
  tx: Queryable,
  { checkId, attempt, traceparent }: { checkId: string; attempt: number; traceparent: string | null },
): Promise<BatchHint> {
  const batchId = newId('batch');
  await tx.query(/* sql */ `insert into frame_batches (id, check_id, attempt, traceparent) values ($1, $2, $3, $4)`, [
    batchId,
    checkId,
    attempt,
    traceparent,
  ]);
  return { batchId, generation: 1, traceparent };
}

/** `fingerprint`: the keyed digest by which the image is known again for a day. */
type LoneFrame = { checkId: string; bytes: number; fingerprint: Buffer; traceparent: string | null };

/** Adds the one frame of an instant check in a batch of its own, in one statement. */
export async function insertLoneFrame(
  tx: Queryable,
  { checkId, bytes, fingerprint, traceparent }: LoneFrame,
): Promise<BatchHint> {
  const batchId = newId('batch');
  await tx.query(
    /* sql */ `with batch as (insert into frame_batches (id, check_id, attempt, traceparent) values ($1, $2, 1, $4))
               insert into frames (check_id, attempt, seq, batch_id, bytes, fingerprint) values ($2, 1, 0, $1, $3, $5)`,
    [batchId, checkId, bytes, traceparent, fingerprint],
  );
  return { batchId, generation: 1, traceparent };
}

/**
 * Puts up to `most` frames of an attempt that no batch holds into a new one, in their order: when no batch is out, or so many
 * wait. Null when there is nothing to do yet. The caller holds the check's lock.
 */
export async function batchWaitingFrames(
  tx: Queryable,
  {
    checkId,
    attempt,
    traceparent,
    most,
  }: { checkId: string; attempt: number; traceparent: string | null; most: number },
): Promise<BatchHint | null> {
  const batchId = newId('batch');
  const { rowCount } = await tx.query(
    /* sql */ `with waiting as (
                 select seq from frames where check_id = $2 and attempt = $3 and batch_id is null order by seq limit $5),
               batch as (
                 insert into frame_batches (id, check_id, attempt, traceparent)
                 select $1, $2, $3, $4
                  where exists (select from waiting)
                    and ((select count(*) from waiting) >= $5
                         or not exists (select from frame_batches
                                         where check_id = $2 and attempt = $3 and scored_at is null))
                 returning id)
               update frames set batch_id = batch.id from batch
                where check_id = $2 and attempt = $3 and seq in (select seq from waiting)`,
    [batchId, checkId, attempt, traceparent, most],
  );
  return rowCount ? { batchId, generation: 1, traceparent } : null;
}

/**
 * Notes that the queue took these batches: they are looked at again only after the requeue time, or when the lease ends of
 * whoever claimed one meanwhile.
 */
export async function markEnqueued(db: Queryable, fences: readonly Fence[]): Promise<void> {
  await db.query(
    /* sql */ `update frame_batches batch
                  set enqueued_at = now(),
                      due_at = case when attempts_started > 0 then due_at
                                    else greatest(due_at, now() + make_interval(secs => $3)) end
                 from unnest($1::text[], $2::int[]) as taken (id, generation)
                where batch.id = taken.id and batch.generation = taken.generation and scored_at is null`,
    [
      fences.map(({ batchId }) => batchId),
      fences.map(({ generation }) => generation),
      PROCESSING_LIMITS.requeueSeconds,
    ],
  );
}

/**
 * Takes the batches that are due and not scored, oldest first, each with a new generation (a retained job of the old one
 * would swallow a re-add). They are due again soon, until `markEnqueued` says that the queue has them. `overdue`: it has
 * waited for so long already that it must not go to the end of the queue again.
 */
export async function takeDueBatches(db: Queryable, limit: number): Promise<(BatchHint & { overdue: boolean })[]> {
  const { rows } = await db.query(
    /* sql */ `with taken as (
                 update frame_batches batch
                    set generation = generation + 1, due_at = now() + interval '2 seconds'
                  where id in (select due.id from frame_batches due join checks on checks.id = due.check_id
                                where due.due_at <= now() and due.scored_at is null and due.given_up_at is null
                                  and due.attempts_started < $2 and checks.state = 'in_progress'
                                order by due.due_at limit $1 for update of due skip locked)
              returning id, generation, traceparent, created_at)
               select id as "batchId", generation, traceparent, created_at < now() - make_interval(secs => $3) as overdue
                 from taken order by created_at`,
    [limit, PROCESSING_LIMITS.maxStarts, PROCESSING_LIMITS.requeueSeconds],
  );
  return rows;
}

/** Gives up batches that were started so often without a trace that no start can be hoped for. Returns how many. */
export async function giveUpHopelessBatches(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `update frame_batches set given_up_at = now(), last_failure = 'too_many_starts'
                where due_at <= now() and scored_at is null and given_up_at is null and attempts_started >= $1`,
    [PROCESSING_LIMITS.maxStarts],
  );
  return rowCount ?? 0;
}

export type ClaimedBatch = {
  batchId: string;
  generation: number;
  checkId: string;
  clientId: string;
  attempt: number;
  crashes: number;
  kind: CheckKind;
  challenge: Challenge;
  contract: ContractName;
  threshold: number;
  dataKey: Buffer;
  traceparent: string | null;
  /** The places of its frames, in order. */
  seqs: number[];
  /** Seconds from the batch's commit to this claim. */
  waitedSeconds: number;
};

/** Claims a batch for scoring, or null when the job is stale: scored, given up, a newer generation, or a closed check. */
export async function claimBatch(db: Queryable, { batchId, generation }: Fence): Promise<ClaimedBatch | null> {
  const { rows } = await db.query(
    /* sql */ `update frame_batches batch
                  set attempts_started = attempts_started + 1,
                      due_at = now() + make_interval(secs => case when crashes >= $4 then $5::float8 else $3 end)
                 from checks
                where batch.id = $1 and batch.generation = $2 and batch.scored_at is null and batch.given_up_at is null
                  and checks.id = batch.check_id and checks.state = 'in_progress' and checks.data_key is not null
            returning batch.id as "batchId", batch.generation, batch.check_id as "checkId", checks.client_id as "clientId",
                      batch.attempt, batch.crashes, checks.kind, checks.challenge, checks.contract, checks.threshold, checks.data_key as "dataKey", batch.traceparent,
                      extract(epoch from now() - batch.created_at)::float8 as "waitedSeconds",
                      array(select seq::int from frames where frames.batch_id = batch.id order by seq) as seqs`,
    [
      batchId,
      generation,
      PROCESSING_LIMITS.leaseSeconds,
      PROCESSING_LIMITS.crashesBeforeAlone,
      PROCESSING_LIMITS.aloneLeaseSeconds,
    ],
  );
  return rows[0] ?? null;
}

/**
 * Marks the batch scored, in the transaction that records its scores. `modelSet` is the digest of a recorded set. False:
 * another generation owns it now.
 */
export async function markScored(
  tx: Queryable,
  { batchId, generation, modelProfile, modelSet = null }: Fence & { modelProfile: string; modelSet?: string | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `update frame_batches set scored_at = now(), model_profile = $3, model_set = $4
                where id = $1 and generation = $2 and scored_at is null and given_up_at is null`,
    [batchId, generation, modelProfile, modelSet],
  );
  return rowCount === 1;
}

/**
 * Hands a batch back after a failure. It is due at once, and a `crash` counts towards poison; after an `outage` it is due
 * in two seconds, and the start is given back, and the generation moves on: word that the queue took it may come later than
 * the outage, and must not put it off. What is `hopeless` is given up. Null when fenced out.
 */
export async function releaseBatch(
  db: Queryable,
  { batchId, generation, failure, meaning }: Fence & AfterFailure,
): Promise<{ crashes: number } | null> {
  const { rows } = await db.query(
    /* sql */ `update frame_batches
                  set due_at = now() + case when $4 = 'outage' then interval '2 seconds' else interval '0' end,
                      generation = generation + case when $4 = 'outage' then 1 else 0 end,
                      attempts_started = attempts_started - case when $4 = 'outage' then 1 else 0 end,
                      last_failure = $3,
                      crashes = crashes + case when $4 = 'crash' then 1 else 0 end,
                      given_up_at = case when $4 = 'hopeless' or $4 = 'crash' and crashes + 1 >= $5 then now() end
                where id = $1 and generation = $2 and scored_at is null and given_up_at is null
            returning crashes`,
    [batchId, generation, failure, meaning, PROCESSING_LIMITS.maxCrashes],
  );
  return rows[0] ?? null;
}
