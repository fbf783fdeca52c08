/** Kairos' answers (document 003 with the braces that its page lost). */
import type { Golden } from './golden.ts';

const predicted = '{"confidence":‹float›,"delta":{"x":‹float›,"y":‹float›},"top_left":{"x":‹float›,"y":‹float›}}';
const answer = (
  code: 0 | 2,
  { liveness, faces, height, width }: { liveness: string; faces: string; height: number; width: number },
) =>
  `{"api_req_uid":"‹reference›","processed_at":"‹seconds›","requested_at":"‹seconds›","response_code":${code},"response_data":{"faces_liveness":${liveness},"faces_predicted":[${faces}],"img":{"height":${height},"width":${width}}}}`;
const error = (code: string, message: string) =>
  `{"error":{"code":"${code}","message":"${message}"},"api_req_uid":"‹reference›"}`;
const portrait = { liveness: '‹float›', faces: predicted, height: 720, width: 960 };
const challenge = { 'www-authenticate': 'ApiKey header="app_id, app_key"' };

export const KAIROS = {
  live: { status: 200, body: answer(0, portrait), headers: { 'x-liveness-reason': null } },
  notLive: { status: 200, body: answer(2, portrait), headers: { 'x-liveness-reason': 'PRESENTATION_ATTACK' } },
  noFace: {
    status: 200,
    body: answer(2, { liveness: '0.0', faces: '', height: 480, width: 640 }),
    headers: { 'x-liveness-reason': 'NO_FACE' },
  },
  twoFaces: {
    status: 200,
    body: answer(2, { liveness: '0.0', faces: `${predicted},${predicted}`, height: 720, width: 1920 }),
    headers: { 'x-liveness-reason': 'MULTIPLE_FACES' },
  },
  unauthenticated: {
    status: 401,
    body: error('unauthenticated', 'A valid app_id and app_key are required.'),
    headers: challenge,
  },
  keyEnded: { status: 401, body: error('key_not_usable', 'The API key is no longer valid.'), headers: challenge },
  fault: (message: string): Golden => ({ status: 400, body: error('invalid_request', message) }),
  notAnImage: { status: 400, body: error('unreadable_image', 'The image is not a JPEG, PNG or WebP.') },
  tooWide: { status: 400, body: error('image_too_large', 'The selfie is more than 5000 pixels wide or high.') },
  notAForm: { status: 400, body: error('unsupported_media_type', 'The request must be multipart/form-data.') },
  tooLarge: { status: 413, body: error('body_too_large', '‹words›') },
  wrongMethod: {
    status: 405,
    body: error('method_not_allowed', 'The method is not one of this address.'),
    headers: { allow: 'POST' },
  },
  deadline: {
    status: 503,
    body: error('deadline', 'No verdict was reached in time; please try again shortly.'),
    headers: { 'retry-after': '2' },
  },
  overloaded: {
    status: 503,
    body: error('overloaded', 'More work is waiting than can be done in time; please try again shortly.'),
    headers: { 'retry-after': '2' },
  },
  internal: { status: 500, body: error('internal', 'An unexpected failure; quote the reference.') },
} satisfies Record<string, Golden | ((...words: string[]) => Golden)>;
