/** `POST …/start`: the person agreed. Starts the check, or takes an unfinished capture over: one capture is live at a time. */
import { CAPTURE_FRAMES, type ChallengeView, type StartResponse, startRequest } from '@livegate/contracts/capture';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { deleteSteps, insertSteps, revealStep } from '@livegate/db/challenge-steps';
import { type Check, lockCheck, startCapture } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import { deleteAttempt } from '@livegate/db/frames';
import { drawSteps, NONCE_LENGTH } from '@livegate/domain/challenge';
import { CodedError } from '@livegate/domain/errors';
import { randomAlphanumeric } from '@livegate/domain/ids';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { checkMoved } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import { currentChallenge } from './current-challenge.ts';
import { findCapture } from './find-capture.ts';

/** Starts per attempt: room for a reload and a change of device, none for waiting until a sequence fits a recording. */
const STARTS_PER_ATTEMPT = 3;

export function startCaptureSession({
  db,
  frameStore,
}: {
  db: Database;
  frameStore: FrameStore<Queryable>;
}): RequestHandler {
  return async (request, response) => {
    readBody(request, startRequest);
    const { id: checkId } = await findCapture(db, request, response);
    const session = newLinkSecret();
    const { attempt, state, challenge } = await db.transaction(async (tx) => {
      const check = await lockCheck(tx, checkId);
      if (check.state === 'expired' || check.linkExpired)
        throw new CodedError('check_expired', 'The link has expired.');
      if (check.starts >= STARTS_PER_ATTEMPT * check.attempt) {
        throw new CodedError('capture_closed', 'The capture was started too often.');
      }
      if (!(await startCapture(tx, { checkId, sessionDigest: digestLinkSecret(session) }))) {
        throw new CodedError('capture_closed', 'The capture is closed.');
      }
      // What an abandoned start of this attempt had sent is void.
      await deleteAttempt(tx, { checkId, attempt: check.attempt });
      await frameStore.removeAllBut(tx, checkId, []);
      return { ...check, challenge: await drawChallenge(tx, check) };
    });
    if (state === 'pending') checkMoved({ state: 'in_progress' });
    const body: StartResponse = { session, attempt, frames: CAPTURE_FRAMES, challenge };
    response.json(body);
  };
}

/** A sequence for this start alone, with its first step revealed; null for a check without a challenge. */
async function drawChallenge(tx: Queryable, { id: checkId, attempt, challenge }: Check): Promise<ChallengeView | null> {
  if (challenge === 'none') return null;
  await deleteSteps(tx, { checkId, attempt });
  await insertSteps(tx, { checkId, attempt, steps: drawSteps() });
  await revealStep(tx, { checkId, attempt, step: 0, nonce: randomAlphanumeric(NONCE_LENGTH) });
  return currentChallenge(tx, { checkId, attempt });
}
