/** What the frames just scored mean for the challenge: the next step is revealed, or the sequence is over. */
import { listChallengeFrames } from '@livegate/db/challenge-frames';
import { endSteps, listSteps, revealStep } from '@livegate/db/challenge-steps';
import type { Queryable } from '@livegate/db/database';
import { NONCE_LENGTH } from '@livegate/domain/challenge';
import { followChallenge } from '@livegate/domain/follow-challenge';
import { randomAlphanumeric } from '@livegate/domain/ids';

/** Under the check's lock, so that two batches of one capture do not both move it. */
export async function advanceChallenge(tx: Queryable, attempt: { checkId: string; attempt: number }): Promise<void> {
  const steps = await listSteps(tx, attempt);
  if (steps.length === 0 || steps.some(({ ended }) => ended)) return;
  const progress = followChallenge({ steps, frames: await listChallengeFrames(tx, attempt) });
  if (progress.fault) {
    await endSteps(tx, { ...attempt, step: progress.step, ended: 'fault' });
  } else if (progress.pose === 'done') {
    await endSteps(tx, { ...attempt, step: progress.step, ended: 'done' });
  } else {
    await revealStep(tx, { ...attempt, step: progress.step, nonce: randomAlphanumeric(NONCE_LENGTH) });
  }
}
