/** `POST …/start`: the person agreed. Starts the check, or takes an unfinished capture over: one capture is live at a time. */
import { CAPTURE_FRAMES, type StartResponse, startRequest } from '@livegate/contracts/capture';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { lockCheck, startCapture } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import { deleteAttempt } from '@livegate/db/frames';
import { CodedError } from '@livegate/domain/errors';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { captureStepped, checkMoved } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import type { Admission } from '../instant/admission.ts';
import { findCapture } from './find-capture.ts';

type Deps = { db: Database; frameStore: FrameStore<Queryable>; admission: Admission };

export function startCaptureSession({ db, frameStore, admission }: Deps): RequestHandler {
  return async (request, response) => {
    readBody(request, startRequest);
    const { id: checkId } = await findCapture(db, request, response);
    // Here, not at the finish: refused before anything was captured the page tries again, and nothing is lost.
    await admission.require('start');
    const session = newLinkSecret();
    const { attempt, state } = await db.transaction(async (tx) => {
      const check = await lockCheck(tx, checkId);
      if (check.state === 'expired' || check.linkExpired)
        throw new CodedError('check_expired', 'The link has expired.');
      if (!(await startCapture(tx, { checkId, sessionDigest: digestLinkSecret(session) }))) {
        throw new CodedError('capture_closed', 'The capture is closed.');
      }
      // What an abandoned start of this attempt had sent is void.
      await deleteAttempt(tx, { checkId, attempt: check.attempt });
      await frameStore.removeAllBut(tx, checkId, []);
      return check;
    });
    if (state === 'pending') checkMoved({ state: 'in_progress' });
    captureStepped('started');
    const body: StartResponse = { session, attempt, frames: CAPTURE_FRAMES };
    response.json(body);
  };
}
