/** Kairos' rows: vendor document 003, in both versions of the address. */
import { type KairosVerdict, kairosError, kairosRequest, kairosVerdict } from '../kairos.ts';
import { EXAMPLE_REFERENCE, errorAnswers, type Operation, personHeader } from './operation.ts';

const verdict = (responseCode: 0 | 2, score: number): KairosVerdict => ({
  api_req_uid: EXAMPLE_REFERENCE,
  processed_at: '2024-04-01 20:05:17',
  requested_at: '2024-04-01 20:05:17',
  response_code: responseCode,
  response_data: {
    faces_liveness: score,
    faces_predicted: [{ confidence: 0.9885, delta: { x: 18.9982, y: 25.3957 }, top_left: { x: 38.0577, y: 4.0824 } }],
    img: { height: 71, width: 95 },
  },
});

const verification = {
  method: 'post',
  tag: 'Kairos',
  security: ['appId', 'appKey'],
  parameters: [personHeader],
  request: { type: 'multipart/form-data', schema: kairosRequest, examples: {} },
  answers: {
    200: {
      description: 'The selfie was judged.',
      headers: [
        'X-Request-ID',
        'X-Liveness-Reason',
        'X-Liveness-Risk',
        'X-Liveness-Review',
        'X-Liveness-Receipt',
        'Cache-Control',
      ],
      content: {
        type: 'application/json',
        schema: kairosVerdict,
        examples: { live: verdict(0, 0.9998), not_live: verdict(2, 0) },
      },
    },
    ...errorAnswers(
      {
        schema: kairosError,
        body: ({ code, message }) => ({ error: { code, message }, api_req_uid: EXAMPLE_REFERENCE }),
      },
      {
        400: {
          description:
            'No selfie, not an image, more than 5000 pixels on a side, or a threshold that is no number from 0 to 1.',
          examples: [
            { code: 'invalid_request', message: 'selfie is required.' },
            { code: 'unreadable_image', message: 'The image is not a JPEG, PNG or WebP.' },
            { code: 'image_too_large', message: 'The selfie is more than 5000 pixels wide or high.' },
            { code: 'unsupported_media_type', message: 'The request must be multipart/form-data.' },
          ],
        },
        401: {
          description: 'No valid pair of id and key.',
          examples: [
            { code: 'unauthenticated', message: 'A valid API key is required.' },
            { code: 'key_not_usable', message: 'The API key is no longer valid.' },
          ],
        },
        403: {
          description: 'A limit of the key or the client is exceeded; never a wrong key.',
          headers: ['Retry-After'],
          examples: [
            { code: 'rate_limited', message: 'Too many requests; please slow down.' },
            { code: 'quota_exceeded', message: "The client's checks of this month are used up." },
            {
              code: 'too_many_open_checks',
              message: 'As many checks are open as the client may have; wait for one to end.',
            },
            {
              code: 'too_many_failures',
              message: 'There were too many failed attempts in a short time; please wait.',
            },
          ],
        },
        413: {
          description: 'The selfie is larger than 10 MB.',
          examples: [{ code: 'body_too_large', message: 'The selfie is larger than 10 MB.' }],
        },
        500: {
          description: 'An unexpected failure.',
          examples: [{ code: 'internal', message: 'An unexpected failure; quote the reference.' }],
        },
        503: {
          description: 'Overloaded, no answer within 15 seconds, or a part of the system is away.',
          examples: [
            {
              code: 'overloaded',
              message: 'More work is waiting than can be done in time; please try again shortly.',
            },
            { code: 'deadline', message: 'No verdict was reached in time; please try again shortly.' },
            { code: 'unavailable', message: 'Please try again shortly.' },
          ],
        },
      },
    ),
  },
} as const satisfies Partial<Operation>;

const description =
  'Judges one selfie; it is deleted with the verdict. Live when `faces_liveness` is greater than or equal to `threshold`: then `response_code` is 0, else 2. Why not is in `X-Liveness-Reason`.';

export const kairosOperations: Operation[] = (['v0.1', 'v0.2'] as const).map((version) => ({
  ...verification,
  id: `kairosLivenessVerification_${version.replace('.', '_')}`,
  path: `/${version}/liveness-verification`,
  summary: `Judge one selfie (${version})`,
  description,
}));
