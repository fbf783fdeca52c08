/** `POST …/finish`: the submission. Accepted before the link expires it is scored, even if the link expires meanwhile. */
import { type FinishRequest, finishRequest } from '@livegate/contracts/capture';
import { acceptSubmission, lockCheck } from '@livegate/db/checks';
import type { Database } from '@livegate/db/database';
import { countFrames } from '@livegate/db/frames';
import { CHANNELS, notify } from '@livegate/db/notifications';
import { CodedError } from '@livegate/domain/errors';
import { assessCamera, type CameraEvidence } from '@livegate/domain/risk-signals';
import { MIN_SCORED_FRAMES } from '@livegate/domain/verdict';
import { captureStepped } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { type EnqueueDeps, enqueueBatches } from '../handlers/enqueue-batches.ts';
import { readBody } from '../http/parse-body.ts';
import { batchFrames } from './batch-frames.ts';
import { claimedSession, findCapture, requireOpenSession } from './find-capture.ts';

export function finishCapture({ db, ...rest }: EnqueueDeps & { db: Database }): RequestHandler {
  return async (request, response) => {
    const { frames: announced, camera } = readBody(request, finishRequest);
    const { id: checkId } = await findCapture(db, response);
    const sessionDigest = claimedSession(request);
    const hints = await db.transaction(async (tx) => {
      const check = await lockCheck(tx, checkId);
      requireOpenSession(check, sessionDigest);
      const { received } = await countFrames(tx, { checkId, attempt: check.attempt });
      if (received < Math.max(announced, MIN_SCORED_FRAMES)) {
        throw new CodedError(
          'too_few_frames',
          `${received} of ${Math.max(announced, MIN_SCORED_FRAMES)} frames arrived.`,
        );
      }
      if (!(await acceptSubmission(tx, { checkId, sessionDigest, riskSignals: assessCamera(asEvidence(camera)) }))) {
        throw new CodedError('check_expired', 'The link has expired.');
      }
      // Everything may be scored already: then this commit is what lifecycle waits for.
      await notify(tx, CHANNELS.submissionScored, checkId);
      return batchFrames(tx, check);
    });
    captureStepped('submitted');
    await enqueueBatches({ db, ...rest }, hints);
    response.status(202).json({ state: 'processing' });
  };
}

function asEvidence(camera: FinishRequest['camera']): CameraEvidence | null {
  return camera ? { label: camera.label, hasDevice: camera.has_device, isAutomated: camera.automated } : null;
}
