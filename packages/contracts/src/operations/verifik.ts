/** Verifik's rows: vendor document 002, and the alias its documentation calls stable. */
import { type VerifikVerdict, verifikError, verifikRequest, verifikVerdict } from '../verifik.ts';
import { type Answer, type AnswerHeader, type Operation, personHeader } from './operation.ts';

const refusal = (
  description: string,
  examples: Record<string, { message: string; code: string }>,
  headers: readonly AnswerHeader[] = [],
): Answer => ({
  description,
  headers: ['X-Request-ID', ...headers],
  content: { type: 'application/json', schema: verifikError, examples },
});

const verdict = (passed: boolean, score: number): VerifikVerdict => ({
  id: 'JQ4RM',
  data: { passed, min_score: 0.6, liveness_score: score },
  signature: { message: 'Certified by Verifik.co', dateTime: 'January 16, 2024 3:44 PM' },
});

const liveness = {
  method: 'post',
  tag: 'Verifik',
  security: ['bearer'],
  parameters: [personHeader],
  request: {
    type: 'application/json',
    schema: verifikRequest,
    examples: {
      url: { os: 'DESKTOP', image: 'https://example.com/face.jpg', liveness_min_score: 0.6 },
      base64: { os: 'IOS', image: 'data:image/jpeg;base64,/9j/4AAQSkZJRg==' },
    },
  },
  answers: {
    200: {
      description: 'The image was judged.',
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
        schema: verifikVerdict,
        examples: { passed: verdict(true, 0.98), not_passed: verdict(false, 0.0302) },
      },
    },
    401: refusal('No key, or none that is known.', {
      unauthenticated: { message: 'Authentication required', code: 'UNAUTHORIZED' },
    }),
    403: refusal('The key is known, but expired or revoked.', {
      key_not_usable: { message: 'token_expired', code: 'FORBIDDEN' },
    }),
    409: refusal('A field is missing, of the wrong type or out of bounds, or the body is not JSON.', {
      missing: { message: '"os" is required', code: 'MissingParameter' },
      out_of_bounds: {
        message: '"liveness_min_score" must be less than or equal to 1',
        code: 'MissingParameter',
      },
      unknown_collection: { message: 'collection_not_found', code: 'MissingParameter' },
    }),
    412: refusal('Not an image, damaged, or a URL that could not be fetched.', {
      not_an_image: { message: 'only_images_in_base64', code: 'ERROR' },
    }),
    413: refusal('The image is larger than 10 MB.', {
      too_large: { message: 'The image is larger than 10 MB.', code: 'ERROR' },
    }),
    429: refusal(
      'A limit of the key or the client is exceeded.',
      { limited: { message: 'too_many_requests', code: 'ERROR' } },
      ['Retry-After'],
    ),
    500: refusal('An unexpected failure, or no answer within 15 seconds.', {
      internal: { message: 'internal_error', code: 'ERROR' },
    }),
    503: refusal(
      'More work is waiting than can be done in time, or a part of the system is away.',
      { overloaded: { message: 'overloaded', code: 'ERROR' }, unavailable: { message: 'unavailable', code: 'ERROR' } },
      ['Retry-After'],
    ),
  },
} as const satisfies Partial<Operation>;

const description =
  'Judges one image; it is deleted with the verdict. Passes when `liveness_score` is greater than `min_score`. No face, or several, is a 200 that did not pass, with its reason in `X-Liveness-Reason`.';

export const verifikOperations: Operation[] = [
  {
    ...liveness,
    id: 'verifikLiveness',
    path: '/v2/face-recognition/liveness',
    summary: 'Judge one image',
    description,
  },
  {
    ...liveness,
    id: 'verifikLivenessScore',
    path: '/v2/face-recognition/liveness-score',
    summary: 'Judge one image (alias)',
    description,
  },
];
