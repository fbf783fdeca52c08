/** The steps of a challenge, drawn when an attempt starts and revealed one at a time. */
import { CHALLENGE_RULES, type PlannedStep, type Prompt } from '@livegate/domain/challenge';
import type { Queryable } from './database.ts';

type Attempt = { checkId: string; attempt: number };

export type StoredStep = {
  step: number;
  prompt: Prompt;
  holdMs: number;
  nonce: string | null;
  /** Milliseconds since the epoch, by the database's clock; null before the step is revealed. */
  revealedMs: number | null;
  deadlineMs: number | null;
  /** Milliseconds since the reveal and until the deadline (negative after it), by the database's clock. */
  ageMs: number | null;
  remainingMs: number | null;
  ended: 'done' | 'fault' | null;
};

/** Stores the steps of an attempt in their order, none of them revealed. */
export async function insertSteps(tx: Queryable, { steps, ...key }: Attempt & { steps: PlannedStep[] }): Promise<void> {
  await tx.query(
    /* sql */ `insert into challenge_steps (check_id, attempt, step, prompt, hold_ms)
               select $1, $2, place - 1, prompt, hold_ms
                 from unnest($3::text[], $4::int[]) with ordinality as drawn (prompt, hold_ms, place)`,
    [key.checkId, key.attempt, steps.map(({ prompt }) => prompt), steps.map(({ holdMs }) => holdMs)],
  );
}

/** Reveals a step under its nonce, and starts its time. Nothing happens to one that is revealed already. */
export async function revealStep(
  tx: Queryable,
  { checkId, attempt, step, nonce }: Attempt & { step: number; nonce: string },
): Promise<void> {
  await tx.query(
    /* sql */ `update challenge_steps
                  set nonce = $4, revealed_at = clock_timestamp(), deadline_at = clock_timestamp() + make_interval(secs => $5)
                where check_id = $1 and attempt = $2 and step = $3 and nonce is null`,
    [checkId, attempt, step, nonce, CHALLENGE_RULES.stepSeconds],
  );
}

/** Notes at a step that the sequence is over: every step is done, or one was not followed. */
export async function endSteps(
  tx: Queryable,
  { checkId, attempt, step, ended }: Attempt & { step: number; ended: 'done' | 'fault' },
): Promise<void> {
  await tx.query(/* sql */ `update challenge_steps set ended = $4 where check_id = $1 and attempt = $2 and step = $3`, [
    checkId,
    attempt,
    step,
    ended,
  ]);
}

/** The steps of an attempt in their order; none for a check without a challenge. */
export async function listSteps(db: Queryable, { checkId, attempt }: Attempt): Promise<StoredStep[]> {
  const { rows } = await db.query(
    /* sql */ `select step, prompt, hold_ms as "holdMs", nonce, ended,
                      (extract(epoch from revealed_at) * 1000)::float8 as "revealedMs",
                      (extract(epoch from deadline_at) * 1000)::float8 as "deadlineMs",
                      (extract(epoch from clock_timestamp() - revealed_at) * 1000)::float8 as "ageMs",
                      (extract(epoch from deadline_at - clock_timestamp()) * 1000)::float8 as "remainingMs"
                 from challenge_steps where check_id = $1 and attempt = $2 order by step`,
    [checkId, attempt],
  );
  return rows;
}

/** Removes the steps of an attempt: it starts anew, with a sequence of its own. */
export async function deleteSteps(tx: Queryable, { checkId, attempt }: Attempt): Promise<void> {
  await tx.query(/* sql */ `delete from challenge_steps where check_id = $1 and attempt = $2`, [checkId, attempt]);
}
