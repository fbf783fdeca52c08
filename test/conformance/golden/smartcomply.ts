/** Smartcomply's answers (document 004): `data` is an object, an empty array, or on 401 not there. */
import type { Golden } from './golden.ts';

const answer = (live: boolean) =>
  `{"status":"success","data":{"status":${live},"detail":"Liveliness ${live ? '' : 'Not '}Detected","response_code":"${live ? '00' : '01'}","confidence":‹unrounded›,"confidence_in_percentage":‹unroundedPercentage›,"verification":{"status":"${live ? 'VERIFIED' : 'FAILED'}","reference":"‹reference›"},"widget_info":{},"session":{}},"message":"Face Liveliness ${live ? 'successful' : 'failed'}"}`;
const error = (message: string) => `{"status":"failed","data":[],"message":"${message}"}`;
const challenge = { 'www-authenticate': 'ApiKey header="x-access-token"' };

export const SMARTCOMPLY = {
  live: { status: 200, body: answer(true), headers: { 'x-liveness-reason': null } },
  notLive: { status: 200, body: answer(false), headers: { 'x-liveness-reason': 'NO_FACE' } },
  missing: { status: 400, body: error('Missing required fields') },
  fault: (message: string): Golden => ({ status: 400, body: error(message) }),
  unauthenticated: {
    status: 401,
    body: '{"status":"failed","message":"Authentication credentials were not provided."}',
    headers: challenge,
  },
  wrongKey: { status: 401, body: '{"status":"failed","message":"Invalid API key."}', headers: challenge },
  tooLarge: { status: 413, body: error('The image is larger than 10 MB.') },
  wrongMethod: { status: 405, body: error('The method is not one of this address.'), headers: { allow: 'POST' } },
  deadline: {
    status: 503,
    body: error('No verdict was reached in time; please try again shortly.'),
    headers: { 'retry-after': '2' },
  },
  overloaded: {
    status: 503,
    body: error('More work is waiting than can be done in time; please try again shortly.'),
    headers: { 'retry-after': '2' },
  },
  internal: { status: 500, body: error('An unexpected failure; quote the reference.') },
} satisfies Record<string, Golden | ((...words: string[]) => Golden)>;
