/** `POST …/handoff/take`: this browser has the one-time token, and the capture is its own from now on. */
import { takeHandoffRequest } from '@livegate/contracts/capture';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { lockCheck } from '@livegate/db/checks';
import type { Database } from '@livegate/db/database';
import { endHandoff, findHandoff, rebindCapture, takeHandoff } from '@livegate/db/handoffs';
import { CodedError } from '@livegate/domain/errors';
import type { EgressMode } from '@livegate/egress/target-policy';
import { captureStepped } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import { bindBrowser, isBrowserOf } from './browser-binding.ts';
import { findCapture, requireOpenCheck } from './find-capture.ts';
import { isCaptureFramed } from './framing.ts';

export function takeCaptureHandoff({
  db,
  publicUrl,
  mode,
}: {
  db: Database;
  publicUrl: () => string;
  mode: EgressMode;
}): RequestHandler {
  return async (request, response) => {
    const { token } = readBody(request, takeHandoffRequest);
    const { id: checkId } = await findCapture(db, response);
    const tokenDigest = digestLinkSecret(token);
    const isTaken = await db.transaction(async (tx) => {
      const check = await lockCheck(tx, checkId);
      requireOpenCheck(check);
      const binding = { ...check, isSecure: publicUrl().startsWith('https:') };
      const handoff = await findHandoff(tx, checkId);
      if (!handoff?.tokenDigest.equals(tokenDigest)) throw over();
      // The answer to the first try was lost, or the code was scanned again by the same phone.
      if (handoff.toDigest && isBrowserOf(request, binding, handoff.toDigest)) return false;
      if (!handoff.toDigest && isBrowserOf(request, binding, handoff.fromDigest)) {
        // Opened where it was offered: there is nothing to move.
        await endHandoff(tx, checkId);
        return false;
      }
      const isFramed = await isCaptureFramed({ db: tx, mode }, request, check.clientId);
      const toDigest = bindBrowser(request, response, { ...binding, isFramed }) ?? (check.browserDigest as Buffer);
      if (!(await takeHandoff(tx, { checkId, tokenDigest, toDigest }))) throw over();
      await rebindCapture(tx, { checkId, browserDigest: toDigest, sessionDigest: digestLinkSecret(newLinkSecret()) });
      return true;
    });
    if (isTaken) captureStepped('handoff_taken');
    response.status(204).end();
  };
}

function over(): CodedError {
  return new CodedError('handoff_over', 'The code was used before, has expired or is not one of this check.');
}
