/** `POST …/handoff/take-back`: the browser that offered the capture has it again, unless the other is taking pictures. */
import { takeBackRequest } from '@livegate/contracts/capture';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { lockCheck } from '@livegate/db/checks';
import type { Database } from '@livegate/db/database';
import { endHandoff, findHandoff, rebindCapture } from '@livegate/db/handoffs';
import { CodedError } from '@livegate/domain/errors';
import { captureStepped } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import { isBrowserOf, requireSameBrowser } from './browser-binding.ts';
import { findCapture, requireOpenCheck } from './find-capture.ts';
import { isCapturing } from './handoff-view.ts';

export function takeCaptureBack({ db, publicUrl }: { db: Database; publicUrl: () => string }): RequestHandler {
  return async (request, response) => {
    readBody(request, takeBackRequest);
    const { id: checkId } = await findCapture(db, response);
    await db.transaction(async (tx) => {
      const check = await lockCheck(tx, checkId);
      requireOpenCheck(check);
      const binding = { ...check, isSecure: publicUrl().startsWith('https:') };
      const handoff = await findHandoff(tx, checkId);
      // Nothing is offered: it is this browser's own, or none of its business.
      if (!handoff || !isBrowserOf(request, binding, handoff.fromDigest)) return requireSameBrowser(request, binding);
      if (handoff.toDigest && (await isCapturing(tx, check))) {
        throw new CodedError('capture_elsewhere', 'The other browser takes pictures already.');
      }
      const sessionDigest = digestLinkSecret(newLinkSecret());
      await rebindCapture(tx, { checkId, browserDigest: handoff.fromDigest, sessionDigest });
      await endHandoff(tx, checkId);
    });
    captureStepped('handoff_taken_back');
    response.status(204).end();
  };
}
