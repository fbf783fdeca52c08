/** Our own routes for people who look at uncertain verdicts. Blind: no score, verdict, client or reason is in any of them. */
import { REVIEW_LABEL_NAMES, REVIEW_LABELS, REVIEWERS_PER_CHECK } from '@livegate/domain/review';
import { z } from 'zod';

const time = z.iso.datetime({ precision: 3 });
const id = z.string().startsWith('rvw_');

/** `X-Reviewer`: who looks, as the caller knows them. */
export const reviewerName = z.string().regex(/^[\w.@+-]{1,64}$/, 'must be 1 to 64 letters, digits or ._@+-');

export const reviewLabel = z.enum(REVIEW_LABEL_NAMES).meta({
  id: 'ReviewLabel',
  description: Object.entries(REVIEW_LABELS)
    .map(([name, { meaning }]) => `\`${name}\`: ${meaning}`)
    .join(' '),
});

/** `GET /reviews` */
export const listReviewsQuery = z.object({
  limit: z.coerce.number('must be a number').int().min(1).max(100).default(20),
});

export const reviewListResponse = z
  .object({
    reviews: z.array(
      z.object({
        id,
        created_at: time,
        images: z.int().meta({ description: 'How many there are to see.' }),
        images_until: time.meta({ description: 'Then they are gone, and the check is no longer listed.' }),
        labels: z
          .int()
          .max(REVIEWERS_PER_CHECK)
          .meta({ description: 'How many reviewers have labelled it; not what they said.' }),
        lease_until: time.nullable().meta({ description: 'Of your own claim.' }),
      }),
    ),
  })
  .meta({ id: 'Reviews' });
export type ReviewListResponse = z.infer<typeof reviewListResponse>;

/** `POST /reviews/{reviewId}/claim` */
export const claimReviewResponse = z.object({ id, lease_until: time }).meta({ id: 'ClaimedReview' });
export type ClaimReviewResponse = z.infer<typeof claimReviewResponse>;

/** `GET /reviews/{reviewId}/images` */
export const reviewImagesResponse = z
  .object({
    id,
    images: z
      .array(z.string().startsWith('data:image/'))
      .meta({ description: 'In the order in which they were taken.' }),
  })
  .meta({ id: 'ReviewImages' });
export type ReviewImagesResponse = z.infer<typeof reviewImagesResponse>;

/** `POST /reviews/{reviewId}/label` */
export const labelReviewRequest = z.strictObject({ label: reviewLabel }).meta({ id: 'LabelReviewRequest' });
export const labelReviewResponse = z.object({ id, label: reviewLabel }).meta({ id: 'LabelledReview' });
export type LabelReviewResponse = z.infer<typeof labelReviewResponse>;
