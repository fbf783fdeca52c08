/** `POST …/start`: the person agreed. Starts the check, or takes an unfinished capture over: one capture is live at a time. */
import { CAPTURE_FRAMES, type ChallengeView, type StartResponse, startRequest } from '@livegate/contracts/capture';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { deleteSteps, insertSteps, listSteps, revealStep } from '@livegate/db/challenge-steps';
import { acceptSubmission, type Check, lockCheck, startCapture } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import type { BatchHint } from '@livegate/db/frame-batches';
import { deleteAttempt } from '@livegate/db/frames';
import { CHANNELS, notify } from '@livegate/db/notifications';
import { drawSteps, NONCE_LENGTH } from '@livegate/domain/challenge';
import { CodedError } from '@livegate/domain/errors';
import { randomAlphanumeric } from '@livegate/domain/ids';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { captureStepped, checkMoved } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { type EnqueueDeps, enqueueBatches } from '../handlers/enqueue-batches.ts';
import { type LockDeps, requireUnlocked } from '../http/failure-lock.ts';
import { readBody } from '../http/parse-body.ts';
import type { Admission } from '../instant/admission.ts';
import { batchFrames } from './batch-frames.ts';
import { bindBrowser, requireSameBrowser } from './browser-binding.ts';
import { currentChallenge } from './current-challenge.ts';
import { deviceDigestOf } from './device.ts';
import { findCapture } from './find-capture.ts';

type Deps = EnqueueDeps & {
  db: Database;
  frameStore: FrameStore<Queryable>;
  publicUrl: () => string;
  admission: Admission;
} & LockDeps;

export function startCaptureSession(deps: Deps): RequestHandler {
  const { db, frameStore, publicUrl, admission, keyRing, failureLock, ...rest } = deps;
  return async (request, response) => {
    const { consent = null } = readBody(request, startRequest);
    const { id: checkId } = await findCapture(db, response);
    // Here, not at the finish: refused before anything was captured the page tries again, and nothing is lost.
    await admission.require('start');
    const session = newLinkSecret();
    const started = await db.transaction(async (tx) => {
      const check = await lockCheck(tx, checkId);
      if (check.state === 'expired' || check.linkExpired)
        throw new CodedError('check_expired', 'The link has expired.');
      const binding = { ...check, isSecure: publicUrl().startsWith('https:') };
      requireSameBrowser(request, binding);
      const deviceDigest = deviceDigestOf(keyRing, { request, response }, binding);
      const subjects = check.personDigest ? [check.personDigest, deviceDigest] : [deviceDigest];
      await requireUnlocked(tx, { clientId: check.clientId, subjects, usual: failureLock });
      if (await isBeyondFirstStep(tx, check))
        return { isGivenUp: true as const, hints: await giveUpAttempt(tx, check) };
      const browserDigest = bindBrowser(request, response, binding);
      const start = { checkId, sessionDigest: digestLinkSecret(session), browserDigest, deviceDigest, consent };
      if (!(await startCapture(tx, start))) {
        throw new CodedError('capture_closed', 'The capture is closed.');
      }
      // What an abandoned start of this attempt had sent is void.
      await deleteAttempt(tx, { checkId, attempt: check.attempt });
      await frameStore.removeAllBut(tx, checkId, []);
      return { isGivenUp: false as const, ...check, challenge: await drawChallenge(tx, check) };
    });
    if (started.isGivenUp) {
      await enqueueBatches({ db, ...rest }, started.hints);
      throw new CodedError('capture_closed', 'The capture that was under way counts as an attempt.');
    }
    const { attempt, state, challenge } = started;
    if (state === 'pending') checkMoved({ state: 'in_progress' });
    captureStepped('started');
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

/** Whether the person was asked for a move already: then a new start would show them, or a recording, another sequence. */
async function isBeyondFirstStep(
  tx: Queryable,
  { id: checkId, attempt, challenge, submittedAt }: Check,
): Promise<boolean> {
  if (challenge === 'none' || submittedAt) return false;
  return (await listSteps(tx, { checkId, attempt })).filter(({ nonce }) => nonce !== null).length > 1;
}

/** What has come so far is the submission: it is judged like any other, and the person goes on from there. */
async function giveUpAttempt(tx: Queryable, check: Check): Promise<BatchHint[]> {
  await acceptSubmission(tx, { checkId: check.id, sessionDigest: check.sessionDigest as Buffer });
  await notify(tx, CHANNELS.submissionScored, check.id);
  return batchFrames(tx, check);
}
