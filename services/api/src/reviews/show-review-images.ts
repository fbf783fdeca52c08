/** `GET /reviews/{reviewId}/images`: the kept images of a check in hand, and nothing that was made of them. Each read is noted. */
import type { ReviewImagesResponse } from '@livegate/contracts/reviews';
import { recordAct } from '@livegate/db/audit-log';
import { findCheckById } from '@livegate/db/checks';
import { holdsReview } from '@livegate/db/reviews';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { loadKeptImages } from '../handlers/load-kept-images.ts';
import { callerOf } from '../http/authenticate.ts';
import type { RecordDeps } from '../records/record-deps.ts';
import { findReview } from './reviewer.ts';

export function showReviewImages(deps: RecordDeps): RequestHandler {
  return async (request, response) => {
    const { reviewId, checkId, reviewer } = await findReview(deps.db, request, response);
    if (!(await holdsReview(deps.db, { reviewId, reviewer })))
      throw new CodedError('review_not_claimed', 'Claim it first; a claim ends with its lease.');
    const check = await findCheckById(deps.db, checkId);
    const images = check ? await loadKeptImages(deps, check) : [];
    const { keyId, clientId } = callerOf(response);
    if (images.length > 0)
      await recordAct(deps.db, {
        actor: `key:${keyId}`,
        action: 'images.read',
        clientId,
        subject: checkId,
        details: { images: images.length, review: reviewId, reviewer },
      });
    const body: ReviewImagesResponse = {
      id: reviewId,
      images: images.map(({ jpeg }) => `data:image/jpeg;base64,${jpeg.toString('base64')}`),
    };
    response.json(body);
  };
}
