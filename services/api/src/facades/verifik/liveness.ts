/** `POST /v2/face-recognition/liveness` and its alias `…/liveness-score`. */
import { randomInt } from 'node:crypto';
import { hasCollection } from '@livegate/db/instant-checks';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { callerOf } from '../../http/authenticate.ts';
import { callerGone } from '../../http/caller-gone.ts';
import { referenceOf } from '../../http/reference.ts';
import { type CheckImageDeps, checkImage } from '../../instant/check-image.ts';
import { type ImageSource, readImage } from '../../instant/read-image.ts';
import { setVerdictHeaders } from '../../instant/verdict-headers.ts';
import { scenarioOf } from '../../sandbox/choose-scenario.ts';
import { parseVerifikRequest } from './request.ts';

export function verifikLiveness(deps: CheckImageDeps & ImageSource): RequestHandler {
  return async (request, response) => {
    const gone = callerGone(response);
    const caller = callerOf(response);
    const { os, image, collectionId, minScore } = parseVerifikRequest(request.body);
    if (collectionId && !(await hasCollection(deps.db, { clientId: caller.clientId, collectionId }))) {
      throw new CodedError('unknown_collection', 'collection_not_found');
    }
    const bytes = await readImage(image, caller, deps);
    const wish = {
      reference: referenceOf(response),
      caller,
      scenario: scenarioOf(response),
      contract: 'verifik',
      image: bytes,
      threshold: minScore,
      collectionId,
      captureOs: os,
    } as const;
    const verdict = await checkImage(deps, wish, gone);
    setVerdictHeaders(response, verdict);
    response.json({
      id: shortId(),
      data: { passed: verdict.passed, min_score: minScore, liveness_score: verdict.confidence },
      // The contract's fixed text; it signs nothing.
      signature: { message: 'Certified by Verifik.co', dateTime: printDate(verdict.processedAt) },
    });
  };
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Five letters or digits, as in the document's `JQ4RM`. */
function shortId(): string {
  return Array.from({ length: 5 }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');
}

const DATE = new Intl.DateTimeFormat('en-US', {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  hour12: true,
  timeZone: 'UTC',
});

/** `January 16, 2024 3:44 PM`, UTC. Put together from parts: what stands between them varies with the ICU version. */
function printDate(date: Date): string {
  const parts = Object.fromEntries(DATE.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${parts.month} ${parts.day}, ${parts.year} ${parts.hour}:${parts.minute} ${parts.dayPeriod}`;
}
