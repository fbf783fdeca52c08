/** `POST /reviews/{reviewId}/label`: what the reviewer saw. It changes no verdict. */
import { type LabelReviewResponse, labelReviewRequest } from '@livegate/contracts/reviews';
import { recordAct } from '@livegate/db/audit-log';
import type { Database } from '@livegate/db/database';
import { labelReview } from '@livegate/db/reviews';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readBody } from '../http/parse-body.ts';
import { findReview } from './reviewer.ts';

export function labelReviewed({ db }: { db: Database }): RequestHandler {
  return async (request, response) => {
    const { label } = readBody(request, labelReviewRequest);
    const { reviewId, checkId, reviewer } = await findReview(db, request, response);
    const { keyId, clientId } = callerOf(response);
    await db.transaction(async (tx) => {
      if (!(await labelReview(tx, { reviewId, reviewer, label })))
        throw new CodedError('review_not_claimed', 'Claim it first; a claim ends with its lease.');
      const details = { label, review: reviewId, reviewer };
      await recordAct(tx, { actor: `key:${keyId}`, action: 'review.labelled', clientId, subject: checkId, details });
    });
    const body: LabelReviewResponse = { id: reviewId, label };
    response.json(body);
  };
}
