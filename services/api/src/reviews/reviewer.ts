/** Who looks, and at what: a check of the caller's own client, by its review's id. */
import { reviewerName } from '@livegate/contracts/reviews';
import type { Queryable } from '@livegate/db/database';
import { findReviewedCheck } from '@livegate/db/reviews';
import { CodedError } from '@livegate/domain/errors';
import type { Request, Response } from 'express';
import { callerOf } from '../http/authenticate.ts';

/** The reviewer that the request names, else the API key: whoever holds the key answers for the name. Throws `invalid_request`. */
export function reviewerOf(request: Request, response: Response): string {
  const sent = request.get('x-reviewer');
  if (sent === undefined) return `key:${callerOf(response).keyId}`;
  const parsed = reviewerName.safeParse(sent);
  if (parsed.success) return parsed.data;
  throw new CodedError('invalid_request', 'X-Reviewer must be 1 to 64 letters, digits or ._@+-.', {
    field: 'X-Reviewer',
  });
}

export type ReviewKey = { reviewId: string; checkId: string; reviewer: string };

/** Throws `unknown_review`, the same for another client's as for one that never was. */
export async function findReview(db: Queryable, request: Request, response: Response): Promise<ReviewKey> {
  const reviewer = reviewerOf(request, response);
  const reviewId = String(request.params.reviewId);
  const checkId = await findReviewedCheck(db, { clientId: callerOf(response).clientId, reviewId });
  if (checkId === null) throw new CodedError('unknown_review', 'The id is not valid.');
  return { reviewId, checkId, reviewer };
}
