/** Our own rows for people who look at uncertain verdicts. */
import { REVIEW_LEASE_SECONDS, REVIEWERS_PER_CHECK } from '@livegate/domain/review';
import {
  claimReviewResponse,
  labelReviewRequest,
  labelReviewResponse,
  reviewImagesResponse,
  reviewListResponse,
} from '../reviews.ts';
import { type Operation, type Parameter, problemAnswers } from './operation.ts';
import { ok, WITH_BODY, WITH_KEY } from './usual-answers.ts';

const REVIEW_ID = 'rvw_Jk3w8m2TqVb0yR5nXc7dLp1aZs';

const everywhere = {
  ...WITH_KEY,
  live_key_required: 'Test keys have nothing to review: use a live key.',
  invalid_request: 'X-Reviewer must be 1 to 64 letters, digits or ._@+-.',
} as const;
const ofOne = { ...everywhere, unknown_review: 'The id is not valid.' } as const;

const reviewer: Parameter = {
  in: 'header',
  name: 'X-Reviewer',
  required: false,
  description:
    'Who looks, as you know them; the audit log keeps it. Without it the API key is the reviewer. Two of the same name are one.',
  schema: { type: 'string', pattern: '^[\\w.@+-]{1,64}$' },
};
const reviewId: Parameter = {
  in: 'path',
  name: 'reviewId',
  required: true,
  description: 'Begins with `rvw_`.',
  schema: { type: 'string' },
  example: REVIEW_ID,
};

const own = { tag: 'Reviews', security: ['bearer'] } as const;

export const reviewOperations: Operation[] = [
  {
    ...own,
    id: 'listReviews',
    method: 'get',
    path: '/reviews',
    summary: 'What waits for a reviewer',
    description:
      "Hosted checks of this client whose verdict was uncertain, while their images can be seen; first that whose images end soonest. Neither score nor verdict nor the check's token or reference is in it: reviewers are blind. A check is listed until as many reviewers as may have it.",
    parameters: [
      reviewer,
      {
        in: 'query',
        name: 'limit',
        required: false,
        description: 'How many at the most.',
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      },
    ],
    answers: {
      200: ok('What this reviewer could look at.', reviewListResponse, {
        reviews: [
          {
            id: REVIEW_ID,
            created_at: '2026-01-01T12:00:07.314Z',
            images: 3,
            images_until: '2026-01-01T12:30:07.314Z',
            labels: 0,
            lease_until: null,
          },
        ],
      }),
      ...problemAnswers(everywhere),
    },
  },
  {
    ...own,
    id: 'claimReview',
    method: 'post',
    path: '/reviews/{reviewId}/claim',
    summary: 'Take one in hand',
    description: `For ${REVIEW_LEASE_SECONDS / 60} minutes; again, for as long again. ${REVIEWERS_PER_CHECK} reviewers can have one check, each without seeing the other's label.`,
    parameters: [reviewId, reviewer],
    answers: {
      200: ok('It is yours until then.', claimReviewResponse, {
        id: REVIEW_ID,
        lease_until: '2026-01-01T12:05:30.000Z',
      }),
      ...problemAnswers({
        ...ofOne,
        review_taken: 'Others have it, it was labelled by you, or its images are gone.',
      }),
    },
  },
  {
    ...own,
    id: 'showReviewImages',
    method: 'get',
    path: '/reviews/{reviewId}/images',
    summary: 'See its images',
    description: 'For whoever has it in hand. Each read is noted in the audit log.',
    parameters: [reviewId, reviewer],
    answers: {
      200: ok('Its images; none when they ended meanwhile.', reviewImagesResponse, {
        id: REVIEW_ID,
        images: ['data:image/jpeg;base64,/9j/4AAQSkZJRg=='],
      }),
      ...problemAnswers({ ...ofOne, review_not_claimed: 'Claim it first; a claim ends with its lease.' }),
    },
  },
  {
    ...own,
    id: 'labelReview',
    method: 'post',
    path: '/reviews/{reviewId}/label',
    summary: 'Say what it is',
    description:
      'Once, while the claim lasts. It changes no verdict; it is what the models are measured against (`npm run admin -- review export`).',
    parameters: [reviewId, reviewer],
    request: {
      type: 'application/json',
      schema: labelReviewRequest,
      examples: { bonaFide: { label: 'bona_fide' }, attack: { label: 'replay' } },
    },
    answers: {
      200: ok('It is kept.', labelReviewResponse, { id: REVIEW_ID, label: 'bona_fide' }),
      ...problemAnswers({
        ...ofOne,
        ...WITH_BODY,
        invalid_request: 'label is not valid.',
        review_not_claimed: 'Claim it first; a claim ends with its lease.',
      }),
    },
  },
];
