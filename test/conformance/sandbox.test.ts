/** What an integrator's CI can reach with a test key: every status and code of every contract, to the byte. */
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { addKeyToDefaultClient } from '@livegate/db/clients';
import { SCENARIOS } from '@livegate/domain/sandbox';
import { plainPicture } from '@livegate/test-kit/pictures';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';
import { credentials, globaldataCreate, kairos, selfie, smartcomply, threshold, verifik } from './contracts.ts';
import { expectGolden, type Golden } from './golden/golden.ts';
import { send, type WireRequest } from './wire.ts';

const image = await plainPicture(64, 64);
const stack = await startStack();
const testKey = newApiKey('test');
await addKeyToDefaultClient(stack.db, parseApiKey(testKey) as NonNullable<ReturnType<typeof parseApiKey>>);
const keys = credentials(testKey);

const said = 'The sandbox was asked for this error.';
const notEvaluated = Object.entries(SCENARIOS).flatMap(([name, { instant }]) =>
  instant.effect === 'not_evaluated' ? [{ name, reason: instant.reason }] : [],
);

type Play = { scenario: string; golden: Golden };
const play = async (request: WireRequest, { scenario, golden }: Play) => {
  const headers = { ...request.headers, 'x-sandbox-scenario': scenario };
  const answer = await send(stack.url, { ...request, headers });
  expectGolden(answer, golden);
  expect([answer.headers['x-sandbox'], answer.headers['x-sandbox-scenario']]).toEqual(['true', scenario]);
};

describe('GlobalData', () => {
  const refusal = (status: number, code: string, headers: Golden['headers'] = {}): Golden => ({
    status,
    body: `{"error":{"code":"${code}","message":"${said}"},"reference":"‹reference›"}`,
    headers,
  });
  it.each<Play>([
    { scenario: 'limited', golden: refusal(429, 'rate_limited', { 'retry-after': '1' }) },
    { scenario: 'quota_used', golden: refusal(429, 'quota_exceeded', { 'retry-after': '3600' }) },
    { scenario: 'too_many_open', golden: refusal(429, 'too_many_open_checks', { 'retry-after': '2' }) },
    { scenario: 'overloaded', golden: refusal(503, 'overloaded', { 'retry-after': '2' }) },
    { scenario: 'timeout', golden: refusal(503, 'deadline', { 'retry-after': '2' }) },
    { scenario: 'unavailable', golden: refusal(503, 'unavailable', { 'retry-after': '2' }) },
    { scenario: 'error', golden: refusal(500, 'internal') },
    { scenario: 'wrong_key', golden: refusal(401, 'unauthenticated', { 'www-authenticate': 'Bearer' }) },
    { scenario: 'revoked_key', golden: refusal(401, 'key_not_usable', { 'www-authenticate': 'Bearer' }) },
  ])('$scenario: $golden.status', (row) =>
    play(globaldataCreate({ return_url: 'https://example.com/return' }, keys.bearer), row),
  );
});

describe('Verifik', () => {
  const answer = (passed: boolean, score: number, reason: string | null): Golden => ({
    status: 200,
    body: `{"id":"‹id›","data":{"passed":${passed},"min_score":0.6,"liveness_score":${score}},"signature":{"message":"Certified by Verifik.co","dateTime":"‹longDate›"}}`,
    headers: { 'x-liveness-reason': reason },
  });
  const refusal = (status: number, message: string, code: string, headers: Golden['headers'] = {}): Golden => ({
    status,
    body: `{"message":"${message}","code":"${code}"}`,
    headers,
  });
  it.each<Play>([
    { scenario: 'live', golden: answer(true, 0.9998, null) },
    { scenario: 'attack', golden: answer(false, 0.0102, 'PRESENTATION_ATTACK') },
    // The printed score equals the minimum, and the rule is strict.
    { scenario: 'at_threshold', golden: answer(false, 0.6, 'PRESENTATION_ATTACK') },
    ...notEvaluated.map(({ name, reason }) => ({ scenario: name, golden: answer(false, 0, reason) })),
    { scenario: 'limited', golden: refusal(429, 'too_many_requests', 'ERROR', { 'retry-after': '1' }) },
    { scenario: 'quota_used', golden: refusal(429, 'too_many_requests', 'ERROR', { 'retry-after': '3600' }) },
    { scenario: 'too_many_open', golden: refusal(429, 'too_many_requests', 'ERROR', { 'retry-after': '2' }) },
    { scenario: 'overloaded', golden: refusal(503, 'overloaded', 'ERROR', { 'retry-after': '2' }) },
    { scenario: 'unavailable', golden: refusal(503, 'unavailable', 'ERROR', { 'retry-after': '2' }) },
    { scenario: 'timeout', golden: refusal(500, 'internal_error', 'ERROR') },
    { scenario: 'error', golden: refusal(500, 'internal_error', 'ERROR') },
    { scenario: 'failed', golden: refusal(500, 'internal_error', 'ERROR') },
    { scenario: 'processing_error', golden: refusal(500, 'internal_error', 'ERROR') },
    { scenario: 'wrong_key', golden: refusal(401, 'Authentication required', 'UNAUTHORIZED') },
    { scenario: 'revoked_key', golden: refusal(403, 'token_expired', 'FORBIDDEN') },
    { scenario: 'unreadable_image', golden: refusal(412, 'only_images_in_base64', 'ERROR') },
    { scenario: 'unreachable_image', golden: refusal(412, 'only_images_in_base64', 'ERROR') },
  ])('$scenario: $golden.status', (row) =>
    play(verifik({ os: 'DESKTOP', image: image.toString('base64') }, keys.bearer), row),
  );
});

describe('Kairos', () => {
  const face = '{"confidence":0.9885,"delta":{"x":96.0,"y":120.0},"top_left":{"x":112.0,"y":48.0}}';
  const second = '{"confidence":0.9885,"delta":{"x":89.6,"y":108.0},"top_left":{"x":16.0,"y":60.0}}';
  const answer = (code: 0 | 2, liveness: string, reason: string | null, faces = face): Golden => ({
    status: 200,
    body: `{"api_req_uid":"‹reference›","processed_at":"‹seconds›","requested_at":"‹seconds›","response_code":${code},"response_data":{"faces_liveness":${liveness},"faces_predicted":[${faces}],"img":{"height":240,"width":320}}}`,
    headers: { 'x-liveness-reason': reason },
  });
  const refusal = (status: number, code: string, headers: Golden['headers'] = {}): Golden => ({
    status,
    body: `{"error":{"code":"${code}","message":"${said}"},"api_req_uid":"‹reference›"}`,
    headers,
  });
  const facesFor = (reason: string) =>
    reason === 'NO_FACE' ? '' : reason === 'MULTIPLE_FACES' ? `${face},${second}` : face;
  it.each<Play>([
    { scenario: 'live', golden: answer(0, '0.9998', null) },
    { scenario: 'attack', golden: answer(2, '0.0102', 'PRESENTATION_ATTACK') },
    // Equal is enough here.
    { scenario: 'at_threshold', golden: answer(0, '0.75', null) },
    ...notEvaluated.map(({ name, reason }) => ({
      scenario: name,
      golden: answer(2, '0.0', reason, facesFor(reason)),
    })),
    // 403 is for limits, and for nothing else.
    { scenario: 'limited', golden: refusal(403, 'rate_limited', { 'retry-after': '1' }) },
    { scenario: 'quota_used', golden: refusal(403, 'quota_exceeded', { 'retry-after': '3600' }) },
    { scenario: 'too_many_open', golden: refusal(403, 'too_many_open_checks', { 'retry-after': '2' }) },
    { scenario: 'overloaded', golden: refusal(503, 'overloaded', { 'retry-after': '2' }) },
    { scenario: 'timeout', golden: refusal(503, 'deadline', { 'retry-after': '2' }) },
    { scenario: 'unavailable', golden: refusal(503, 'unavailable', { 'retry-after': '2' }) },
    { scenario: 'error', golden: refusal(500, 'internal') },
    { scenario: 'processing_error', golden: refusal(500, 'internal') },
    { scenario: 'wrong_key', golden: refusal(401, 'unauthenticated') },
    { scenario: 'revoked_key', golden: refusal(401, 'key_not_usable') },
    { scenario: 'unreadable_image', golden: refusal(400, 'unreadable_image') },
  ])('$scenario: $golden.status', (row) => play(kairos([selfie(image), threshold('0.75')], keys.app), row));
});

describe('Smartcomply', () => {
  const answer = (live: boolean, score: number, reason: string | null): Golden => ({
    status: 200,
    body: `{"status":"success","data":{"status":${live},"detail":"Liveliness ${live ? '' : 'Not '}Detected","response_code":"${live ? '00' : '01'}","confidence":${score},"confidence_in_percentage":${score * 100},"verification":{"status":"${live ? 'VERIFIED' : 'FAILED'}","reference":"‹reference›"},"widget_info":{},"session":{}},"message":"Face Liveliness ${live ? 'successful' : 'failed'}"}`,
    headers: { 'x-liveness-reason': reason },
  });
  const refusal = (status: number, message = said, headers: Golden['headers'] = {}): Golden => ({
    status,
    body: `{"status":"failed",${status === 401 ? '' : '"data":[],'}"message":"${message}"}`,
    headers,
  });
  it.each<Play>([
    { scenario: 'live', golden: answer(true, 0.9998, null) },
    { scenario: 'attack', golden: answer(false, 0.0102, 'PRESENTATION_ATTACK') },
    { scenario: 'at_threshold', golden: answer(true, 0.6, null) },
    ...notEvaluated.map(({ name, reason }) => ({ scenario: name, golden: answer(false, 0, reason) })),
    { scenario: 'limited', golden: refusal(429, said, { 'retry-after': '1' }) },
    { scenario: 'quota_used', golden: refusal(429, said, { 'retry-after': '3600' }) },
    { scenario: 'too_many_open', golden: refusal(429, said, { 'retry-after': '2' }) },
    { scenario: 'overloaded', golden: refusal(503, said, { 'retry-after': '2' }) },
    { scenario: 'timeout', golden: refusal(503, said, { 'retry-after': '2' }) },
    { scenario: 'unavailable', golden: refusal(503, said, { 'retry-after': '2' }) },
    { scenario: 'error', golden: refusal(500) },
    { scenario: 'wrong_key', golden: refusal(401) },
    { scenario: 'revoked_key', golden: refusal(401, 'Invalid API key.') },
    { scenario: 'unreadable_image', golden: refusal(400) },
    { scenario: 'unreachable_image', golden: refusal(400) },
  ])('$scenario: $golden.status', (row) => play(smartcomply({ image: image.toString('base64') }, keys.token), row));
});
