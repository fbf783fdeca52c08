/** `POST …/start`: the person agreed. Starts the check, or takes an unfinished capture over: one capture is live at a time. */
import { CAPTURE_FRAMES, type ChallengeView, type StartResponse, startRequest } from '@livegate/contracts/capture';
import { webhookBody } from '@livegate/contracts/webhook-event';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { announceStep } from '@livegate/db/announce-step';
import { insertSteps, revealStep } from '@livegate/db/challenge-steps';
import { type Check, lockCheck, startCapture } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import { withdrawOffer } from '@livegate/db/handoffs';
import { drawSteps, NONCE_LENGTH } from '@livegate/domain/challenge';
import { CodedError } from '@livegate/domain/errors';
import type { FailureLock } from '@livegate/domain/failure-lock';
import { randomAlphanumeric } from '@livegate/domain/ids';
import type { EgressMode } from '@livegate/egress/target-policy';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { captureStepped, checkMoved } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { type EnqueueDeps, enqueueBatches } from '../handlers/enqueue-batches.ts';
import { type LockDeps, requireUnlocked } from '../http/failure-lock.ts';
import { readBody } from '../http/parse-body.ts';
import type { Admission } from '../instant/admission.ts';
import { giveUpAttempt, isBeyondFirstStep, voidAttempt } from './attempt-under-way.ts';
import { bindBrowser, requireSameBrowser } from './browser-binding.ts';
import { currentChallenge } from './current-challenge.ts';
import { deviceDigestOf } from './device.ts';
import { findCapture } from './find-capture.ts';
import { isCaptureFramed } from './framing.ts';

type Deps = EnqueueDeps & {
  db: Database;
  frameStore: FrameStore<Queryable>;
  publicUrl: () => string;
  admission: Admission;
  mode: EgressMode;
  browserLock: FailureLock;
} & LockDeps;

export function startCaptureSession(deps: Deps): RequestHandler {
  const { db, frameStore, publicUrl, admission, keyRing, failureLock, browserLock, mode, ...rest } = deps;
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
      const { clientId, personDigest } = check;
      const isFramed = await isCaptureFramed({ db: tx, mode }, request, clientId);
      const deviceDigest = deviceDigestOf(keyRing, { request, response }, { ...binding, isFramed });
      await requireUnlocked(tx, { clientId, subjects: [deviceDigest], usual: browserLock });
      if (personDigest) await requireUnlocked(tx, { clientId, subjects: [personDigest], usual: failureLock });
      if (await isBeyondFirstStep(tx, check))
        return { isGivenUp: true as const, hints: await giveUpAttempt(tx, check) };
      const browserDigest = bindBrowser(request, response, { ...binding, isFramed });
      const start = { checkId, sessionDigest: digestLinkSecret(session), browserDigest, deviceDigest, consent };
      if (!(await startCapture(tx, start))) {
        throw new CodedError('capture_closed', 'The capture is closed.');
      }
      // Before the first start nothing can have come.
      if (check.state !== 'pending') await voidAttempt(tx, { check, frameStore });
      await Promise.all([
        // Who goes on here does not go on elsewhere.
        withdrawOffer(tx, checkId),
        check.state === 'pending' && announceStep(tx, { check, step: 'in_progress', buildBody: webhookBody }),
      ]);
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
  await insertSteps(tx, { checkId, attempt, steps: drawSteps() });
  await revealStep(tx, { checkId, attempt, step: 0, nonce: randomAlphanumeric(NONCE_LENGTH) });
  return currentChallenge(tx, { checkId, attempt });
}
