/** `POST /reviews/{reviewId}/claim`: keeps others away for as long as the lease runs. */
import type { ClaimReviewResponse } from '@livegate/contracts/reviews';
import type { Database } from '@livegate/db/database';
import { claimReview } from '@livegate/db/reviews';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { findReview } from './reviewer.ts';

export function claimForReview({ db }: { db: Database }): RequestHandler {
  return async (request, response) => {
    const review = await findReview(db, request, response);
    const claimed = await db.transaction((tx) => claimReview(tx, review));
    if (!claimed)
      throw new CodedError('review_taken', 'Others have it, it was labelled by you, or its images are gone.');
    const body: ClaimReviewResponse = { id: review.reviewId, lease_until: claimed.leaseUntil.toISOString() };
    response.json(body);
  };
}
