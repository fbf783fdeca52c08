/** Our own routes for people who look at uncertain verdicts: `/reviews`. */
import express, { type Router } from 'express';
import { admit } from '../http/admit.ts';
import { bearer } from '../http/authenticate.ts';
import { parseJson } from '../http/parse-body.ts';
import { sendProblem } from '../http/problem-response.ts';
import { refuseMethod } from '../http/refuse-method.ts';
import { requireLiveKey } from '../platform/require-live-key.ts';
import type { RecordDeps } from '../records/record-deps.ts';
import { claimForReview } from './claim-review.ts';
import { labelReviewed } from './label-review.ts';
import { listForReview } from './list-reviews.ts';
import { showReviewImages } from './show-review-images.ts';

export function reviewRoutes(deps: RecordDeps): Router {
  const router = express.Router();
  const known = [...admit(deps.db, bearer), requireLiveKey];
  router.route('/reviews').get(known, listForReview(deps)).all(refuseMethod);
  router.route('/reviews/:reviewId/claim').post(known, claimForReview(deps)).all(refuseMethod);
  router.route('/reviews/:reviewId/images').get(known, showReviewImages(deps)).all(refuseMethod);
  router.route('/reviews/:reviewId/label').post(known, parseJson, labelReviewed(deps)).all(refuseMethod);
  router.use('/reviews', sendProblem);
  return router;
}
