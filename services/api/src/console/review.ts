/**
 * `/console/api/reviews`: uncertain verdicts of all clients, for operators who may see images. As blind as `/reviews`, whose
 * shapes these are: no score, verdict, client or cause.
 */
import {
  type ClaimReviewResponse,
  type LabelReviewResponse,
  labelReviewRequest,
  type ReviewImagesResponse,
} from '@livegate/contracts/reviews';
import { type Check, findCheckById } from '@livegate/db/checks';
import { asClient } from '@livegate/db/client-scope';
import { claimReview, findReviewedCheck, holdsReview, labelReview, listReviews } from '@livegate/db/reviews';
import { CodedError } from '@livegate/domain/errors';
import type { Request, RequestHandler, Response } from 'express';
import { loadKeptImages } from '../handlers/load-kept-images.ts';
import { readBody } from '../http/parse-body.ts';
import { showReviews } from '../reviews/list-reviews.ts';
import { asOperator, noteAct } from './as-operator.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { operatorOf } from './require-right.ts';

const SHOWN = 50;

export function listWaiting({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (_request, response) => {
    const reviewer = reviewerOf(response);
    response.json(showReviews(await listReviews(consoleDb, { clientId: null, reviewer, limit: SHOWN })));
  };
}

export function claimWaiting({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const { reviewId } = await requireReview(consoleDb, request);
    const claimed = await asOperator(consoleDb, response, (tx) =>
      claimReview(tx, { reviewId, reviewer: reviewerOf(response) }),
    );
    if (!claimed)
      throw new CodedError('review_taken', 'Others have it, it was labelled by you, or its images are gone.');
    const body: ClaimReviewResponse = { id: reviewId, lease_until: claimed.leaseUntil.toISOString() };
    response.json(body);
  };
}

export function showWaitingImages(deps: ConsoleDeps): RequestHandler {
  const { consoleDb } = deps;
  return async (request, response) => {
    const { reviewId, check } = await requireReview(consoleDb, request);
    const reviewer = reviewerOf(response);
    if (!(await holdsReview(consoleDb, { reviewId, reviewer }))) throw notClaimed();
    const { id: subject, clientId } = check;
    const images = await asClient(clientId, () => loadKeptImages(deps, check));
    const details = { images: images.length, review: reviewId };
    await noteAct(consoleDb, response, { action: 'images.read', clientId, subject, details });
    const body: ReviewImagesResponse = {
      id: reviewId,
      images: images.map(({ jpeg }) => `data:image/jpeg;base64,${jpeg.toString('base64')}`),
    };
    response.json(body);
  };
}

export function labelWaiting({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const { label } = readBody(request, labelReviewRequest);
    const { reviewId, check } = await requireReview(consoleDb, request);
    await asOperator(consoleDb, response, async (tx) => {
      if (!(await labelReview(tx, { reviewId, reviewer: reviewerOf(response), label }))) throw notClaimed();
      const details = { label, review: reviewId };
      await noteAct(tx, response, { action: 'review.labelled', clientId: check.clientId, subject: check.id, details });
    });
    const body: LabelReviewResponse = { id: reviewId, label };
    response.json(body);
  };
}

function reviewerOf(response: Response): string {
  return `operator:${operatorOf(response).name}`;
}

type Found = { reviewId: string; check: Check };

async function requireReview(consoleDb: ConsoleDeps['consoleDb'], request: Request): Promise<Found> {
  const reviewId = String(request.params.reviewId);
  const checkId = await findReviewedCheck(consoleDb, { clientId: null, reviewId });
  const check = checkId && (await findCheckById(consoleDb, checkId));
  if (!check) throw new CodedError('unknown_review', 'The id is not valid.');
  return { reviewId, check };
}

function notClaimed(): CodedError {
  return new CodedError('review_not_claimed', 'Claim it first; a claim ends with its lease.');
}
