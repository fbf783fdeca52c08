/** `POST /console/api/try`: one picture, scored as any one-shot check. The picture is gone with the verdict. */
import { type TryAnswer, tryAnswer } from '@livegate/contracts/console/try-it';
import { asClient } from '@livegate/db/client-scope';
import { ensureConsoleClient } from '@livegate/db/console-queries';
import { databaseNow, timeSince } from '@livegate/db/database-clock';
import { CodedError } from '@livegate/domain/errors';
import { REASONS } from '@livegate/domain/reasons';
import { CONTRACTS } from '@livegate/domain/thresholds';
import type { RequestHandler } from 'express';
import { callerGone } from '../http/caller-gone.ts';
import { readBytes } from '../http/read-bytes.ts';
import { referenceOf } from '../http/reference.ts';
import { checkImage } from '../instant/check-image.ts';
import { MAX_IMAGE_BYTES, requireImage } from '../instant/read-image.ts';
import { asOperator, noteAct } from './as-operator.ts';
import type { ConsoleDeps } from './console-deps.ts';

/** Its scale is the score's own, from 0 to 1. */
const CONTRACT = 'kairos';
const NO_LIMITS = { requestsPerMinute: null, checksPerMonth: null, openChecks: null };

export function tryImage(deps: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const began = performance.now();
    const gone = callerGone(response);
    if (!request.is('image/*')) throw new CodedError('unsupported_media_type', 'Send a JPEG, a PNG or a WebP.');
    const image = requireImage(await readBytes(request, response, MAX_IMAGE_BYTES));
    const uploaded = performance.now();
    const clientId = await asOperator(deps.consoleDb, response, ensureConsoleClient);
    const threshold = CONTRACTS[CONTRACT].defaultThreshold;
    // No key asks here: an operator's session does.
    const databaseTime = timeSince(await databaseNow(deps.db));
    const caller = { clientId, keyId: 'console', mode: 'live', limits: NO_LIMITS, databaseTime } as const;
    const reference = referenceOf(response);
    const wish = { reference, caller, scenario: null, contract: CONTRACT, image, threshold } as const;
    const verdict = await asClient(clientId, () => checkImage(deps, wish, gone));
    await noteAct(deps.consoleDb, response, { action: 'image.tried', clientId, subject: verdict.reference });
    const body: TryAnswer = {
      reference: verdict.reference,
      passed: verdict.passed,
      score: verdict.confidence,
      threshold,
      reasons: verdict.reasons.map((code) => ({ code, meaning: REASONS[code].meaning })),
      width: verdict.width,
      height: verdict.height,
      faces: verdict.faces.map(({ boundingBox, confidence }) => ({ box: boundingBox, confidence })),
      milliseconds: {
        upload: uploaded - began,
        scoring: verdict.processedAt.getTime() - verdict.requestedAt.getTime(),
        total: performance.now() - began,
      },
    };
    response.json(tryAnswer.parse(body));
  };
}
