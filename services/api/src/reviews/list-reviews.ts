/** `GET /reviews`: what this reviewer could look at. */
import { listReviewsQuery, type ReviewListResponse } from '@livegate/contracts/reviews';
import type { Queryable } from '@livegate/db/database';
import { type ListedReview, listReviews } from '@livegate/db/reviews';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readQuery } from '../http/parse-body.ts';
import { reviewerOf } from './reviewer.ts';

export function listForReview({ db }: { db: Queryable }): RequestHandler {
  return async (request, response) => {
    const { limit } = readQuery(request, listReviewsQuery);
    const reviewer = reviewerOf(request, response);
    const rows = await listReviews(db, { clientId: callerOf(response).clientId, reviewer, limit });
    response.json(showReviews(rows));
  };
}

/** What a reviewer is told of those that wait. */
export function showReviews(rows: readonly ListedReview[]): ReviewListResponse {
  return {
    reviews: rows.map(({ id, createdAt, images, imagesExpireAt, labels, leaseUntil }) => ({
      id,
      created_at: createdAt.toISOString(),
      images,
      images_until: imagesExpireAt.toISOString(),
      labels,
      lease_until: leaseUntil?.toISOString() ?? null,
    })),
  };
}
