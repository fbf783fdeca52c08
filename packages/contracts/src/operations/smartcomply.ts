/** Smartcomply's rows: vendor document 004, with and without the slash at the end. */
import { smartcomplyError, smartcomplyRequest, smartcomplyUnauthorized, smartcomplyVerdict } from '../smartcomply.ts';
import { EXAMPLE_REFERENCE, errorAnswers, type Operation, personHeader } from './operation.ts';

const verdict = (passed: boolean, confidence: number) => ({
  status: 'success',
  data: {
    status: passed,
    detail: passed ? 'Liveliness Detected' : 'Liveliness Not Detected',
    response_code: passed ? '00' : '01',
    confidence,
    confidence_in_percentage: confidence * 100,
    verification: { status: passed ? 'VERIFIED' : 'FAILED', reference: EXAMPLE_REFERENCE },
    widget_info: {},
    session: {},
  },
  message: passed ? 'Face Liveliness successful' : 'Face Liveliness failed',
});

const check = {
  method: 'post',
  tag: 'Smartcomply',
  security: ['accessToken'],
  parameters: [personHeader],
  request: {
    type: 'application/json',
    schema: smartcomplyRequest,
    examples: {
      url: { image: 'https://example.com/photo.jpg' },
      base64: { image: 'data:image/jpeg;base64,/9j/4AAQSkZJRg==' },
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
        schema: smartcomplyVerdict,
        examples: { live: verdict(true, 0.9999987030029297), not_live: verdict(false, 0.030214) },
      },
    },
    401: {
      description: 'No valid key. The body has no `data`.',
      headers: ['X-Request-ID'],
      content: {
        type: 'application/json',
        schema: smartcomplyUnauthorized,
        examples: {
          missing: { status: 'failed', message: 'Authentication credentials were not provided.' },
          wrong: { status: 'failed', message: 'Invalid API key.' },
        },
      },
    },
    ...errorAnswers(
      { schema: smartcomplyError, body: ({ message }) => ({ status: 'failed', data: [], message }) },
      {
        400: {
          description: 'No image, not an image, or a URL that could not be fetched.',
          examples: [
            { code: 'invalid_request', message: 'Missing required fields' },
            { code: 'unreadable_image', message: 'The image is not a JPEG, PNG or WebP.' },
            { code: 'unreachable_image', message: 'The image could not be fetched.' },
          ],
        },
        413: {
          description: 'The image is larger than 10 MB.',
          examples: [{ code: 'body_too_large', message: 'The image is larger than 10 MB.' }],
        },
        429: {
          description: 'A limit of the key or the client is exceeded.',
          examples: [
            { code: 'rate_limited', message: 'Too many requests; please slow down.' },
            {
              code: 'too_many_failures',
              message: 'There were too many failed attempts in a short time; please wait.',
            },
          ],
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
  'Judges one image; it is deleted with the verdict. Live when `confidence` is at least 0.6. Why not is in `X-Liveness-Reason`. The address is good with and without the slash at its end.';

export const smartcomplyOperations: Operation[] = [
  {
    ...check,
    id: 'smartcomplyLivelinessCheck',
    path: '/api/onboarding/biometrics/face/liveliness_check/',
    summary: 'Judge one image',
    description,
  },
];
