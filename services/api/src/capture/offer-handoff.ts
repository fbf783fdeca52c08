/** `POST …/handoff`: the person wants to go on in another browser. Offers the capture under a one-time token, for some minutes. */
import { type HandoffOffer, handoffRequest } from '@livegate/contracts/capture';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { lockCheck } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import { offerHandoff, rebindCapture } from '@livegate/db/handoffs';
import { CodedError } from '@livegate/domain/errors';
import { randomAlphanumeric } from '@livegate/domain/ids';
import { HANDOFF_SECONDS } from '@livegate/domain/limits';
import type { EgressMode } from '@livegate/egress/target-policy';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { captureStepped } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { type EnqueueDeps, enqueueBatches } from '../handlers/enqueue-batches.ts';
import { readBody } from '../http/parse-body.ts';
import { giveUpAttempt, isBeyondFirstStep, voidAttempt } from './attempt-under-way.ts';
import { bindBrowser, requireSameBrowser } from './browser-binding.ts';
import { findCapture, requireOpenCheck } from './find-capture.ts';
import { isCaptureFramed } from './framing.ts';

type Deps = EnqueueDeps & {
  db: Database;
  frameStore: FrameStore<Queryable>;
  publicUrl: () => string;
  mode: EgressMode;
};

/** 130 bits: as good as any for some minutes, and short, so that the code in the picture is coarse. */
const TOKEN_LENGTH = 22;

export function offerCaptureHandoff({ db, frameStore, publicUrl, mode, ...rest }: Deps): RequestHandler {
  return async (request, response) => {
    readBody(request, handoffRequest);
    const { id: checkId } = await findCapture(db, response);
    if (!canHandOff(publicUrl())) throw new CodedError('not_found', 'There is no hand-over without https.');
    const token = randomAlphanumeric(TOKEN_LENGTH);
    const givenUp = await db.transaction(async (tx) => {
      const check = await lockCheck(tx, checkId);
      requireOpenCheck(check);
      const binding = { ...check, isSecure: true };
      requireSameBrowser(request, binding);
      // As with a new start: moves that were seen are not to be left for others.
      if (await isBeyondFirstStep(tx, check)) return giveUpAttempt(tx, check);
      const isFramed = await isCaptureFramed({ db: tx, mode }, request, check.clientId);
      const own = bindBrowser(request, response, { ...binding, isFramed }) ?? (check.browserDigest as Buffer);
      await voidAttempt(tx, { check, frameStore });
      const sessionDigest = digestLinkSecret(newLinkSecret());
      await rebindCapture(tx, { checkId, browserDigest: check.browserDigest, sessionDigest });
      await offerHandoff(tx, { checkId, tokenDigest: digestLinkSecret(token), fromDigest: own });
      return null;
    });
    if (givenUp) {
      await enqueueBatches({ db, ...rest }, givenUp);
      throw new CodedError('capture_closed', 'The capture that was under way counts as an attempt.');
    }
    captureStepped('handoff_offered');
    const body: HandoffOffer = {
      // After the #: it reaches no server's log, and no other site as referrer.
      url: `${publicUrl()}/c/${request.params.secret}#handoff=${token}`,
      expires_in_ms: HANDOFF_SECONDS * 1_000,
    };
    response.json(body);
  };
}

/** A phone opens its camera for https alone, and other machines can be expected to reach what is given out as https. */
export function canHandOff(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
