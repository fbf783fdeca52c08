/** Verifik's answers (document 002; 412 after the sibling endpoint). */
import type { Golden } from './golden.ts';

const answer = (passed: boolean, minScore: number, score: string) =>
  `{"id":"‹id›","data":{"passed":${passed},"min_score":${minScore},"liveness_score":${score}},"signature":{"message":"Certified by Verifik.co","dateTime":"‹longDate›"}}`;
const error = (message: string, code: string) => `{"message":"${message}","code":"${code}"}`;

export const VERIFIK = {
  passed: { status: 200, body: answer(true, 0.01, '‹score›'), headers: { 'x-liveness-reason': null } },
  passedByDefault: { status: 200, body: answer(true, 0.6, '‹score›') },
  notPassed: {
    status: 200,
    body: answer(false, 1, '‹score›'),
    headers: { 'x-liveness-reason': 'PRESENTATION_ATTACK' },
  },
  noFace: { status: 200, body: answer(false, 0.6, '0'), headers: { 'x-liveness-reason': 'NO_FACE' } },
  twoFaces: { status: 200, body: answer(false, 0.6, '0'), headers: { 'x-liveness-reason': 'MULTIPLE_FACES' } },
  unauthenticated: {
    status: 401,
    body: error('Authentication required', 'UNAUTHORIZED'),
    headers: { 'www-authenticate': 'Bearer' },
  },
  keyEnded: { status: 403, body: error('token_expired', 'FORBIDDEN') },
  fault: (message: string): Golden => ({ status: 409, body: error(message, 'MissingParameter') }),
  notAnImage: { status: 412, body: error('only_images_in_base64', 'ERROR') },
  tooLarge: { status: 413, body: error('The image is larger than 10 MB.', 'ERROR') },
  wrongMethod: {
    status: 405,
    body: error('The method is not one of this address.', 'ERROR'),
    headers: { allow: 'POST' },
  },
  deadline: { status: 500, body: error('internal_error', 'ERROR') },
  internal: { status: 500, body: error('internal_error', 'ERROR') },
  overloaded: { status: 503, body: error('overloaded', 'ERROR'), headers: { 'retry-after': '2' } },
} satisfies Record<string, Golden | ((...words: string[]) => Golden)>;
