/** GlobalData's answers (documents 000 and 001; `status` and `reference` as the wire contract decides). */
import type { Golden } from './golden.ts';

const box = '{"left":‹fraction›,"top":‹fraction›,"width":‹fraction›,"height":‹fraction›}';
const audit = `{"image":"a JPEG","bounding_box":${box}}`;
const seen = `"bounding_box":${box},"image":"a JPEG"`;
const error = (code: string, message: string, field?: string) =>
  `{"error":{"code":"${code}","message":"${message}"${field ? `,"field":"${field}"` : ''}},"reference":"‹reference›"}`;
const complete = (result: string) =>
  `{"status":"complete","token":"‹token›","reference":"‹reference›","result":{${result}}}`;
const verdict = (passed: boolean, threshold: number, reasons: string) =>
  `"passed":${passed},"confidence":‹percentage›,"threshold":${threshold},"checked_at":"‹instant›","reasons":[${reasons}]`;

export const GLOBALDATA = {
  created: { status: 201, body: '{"token":"‹token›","url":"‹link›","secret":"‹secret›","reference":"‹reference›"}' },
  createdWithWebhook: {
    status: 201,
    body: '{"token":"‹token›","url":"‹link›","secret":"‹secret›","webhook_url":"https://example.com/webhook","reference":"‹reference›"}',
  },
  pending: {
    status: 202,
    body: '{"status":"pending","token":"‹token›","reference":"‹reference›"}',
    headers: { 'retry-after': '2' },
  },
  inProgress: {
    status: 202,
    body: '{"status":"in_progress","token":"‹token›","reference":"‹reference›"}',
    headers: { 'retry-after': '2' },
  },
  passed: {
    status: 200,
    body: complete(`${verdict(true, 0, '')},${seen},"model_profile":"‹profile›","receipt":"‹receipt›"`),
  },
  passedWithAuditImages: {
    status: 200,
    body: complete(
      `${verdict(true, 0, '')},${seen},"audit_images":[${audit},${audit}],"model_profile":"‹profile›","receipt":"‹receipt›"`,
    ),
  },
  notPassed: {
    status: 200,
    body: complete(
      `${verdict(false, 99, '"PRESENTATION_ATTACK"')},${seen},"model_profile":"‹profile›","receipt":"‹receipt›"`,
    ),
  },
  imagesGone: {
    status: 200,
    body: complete(
      `${verdict(true, 0, '')},"bounding_box":${box},"model_profile":"‹profile›","receipt":"‹receipt›","images_expired_at":"‹instant›"`,
    ),
  },
  failed: {
    status: 200,
    body: '{"status":"failed","token":"‹token›","reference":"‹reference›","result":{"passed":false,"confidence":0,"threshold":70,"checked_at":"‹instant›","reasons":["NO_FACE"],"model_profile":"‹profile›"},"failure_reason":"attempts_exhausted"}',
  },
  expired: { status: 410, body: '{"status":"expired","reference":"‹reference›"}' },
  unknownToken: { status: 400, body: error('unknown_token', 'The token is not valid.', 'token') },
  tokenRequired: { status: 400, body: error('invalid_request', 'token is required, once.', 'token') },
  fault: (field: string, message: string): Golden => ({ status: 400, body: error('invalid_request', message, field) }),
  malformed: { status: 400, body: error('malformed_body', 'The body is not valid JSON.') },
  unauthenticated: {
    status: 401,
    body: error('unauthenticated', 'A valid API key is required.'),
    headers: { 'www-authenticate': 'Bearer' },
  },
  keyEnded: {
    status: 401,
    body: error('key_not_usable', 'The API key is no longer valid.'),
    headers: { 'www-authenticate': 'Bearer' },
  },
  wrongMethod: {
    status: 405,
    body: error('method_not_allowed', 'The method is not one of this address.'),
    headers: { allow: 'GET, HEAD, POST' },
  },
  tooLarge: { status: 413, body: error('body_too_large', 'The body is larger than this route accepts.') },
  mismatch: {
    status: 422,
    body: error('idempotency_mismatch', 'This Idempotency-Key was used for a different request.'),
  },
  internal: { status: 500, body: error('internal', 'An unexpected failure; quote the reference.') },
} satisfies Record<string, Golden | ((...words: string[]) => Golden)>;
