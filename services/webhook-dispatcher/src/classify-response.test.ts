import { describe, expect, it } from 'vitest';
import { type AttemptResult, classifyResponse, healthOf } from './classify-response.ts';

const now = new Date('2026-01-01T00:00:00Z');
const classify = (result: AttemptResult, step = 1) => classifyResponse(result, { step, random: 0.5, now });
const answered = (status: number, headers: Record<string, string> = {}): AttemptResult => ({
  kind: 'answered',
  status,
  headers,
});
const failed = (code: string): AttemptResult => ({ kind: 'failed', code });

describe('what an attempt means', () => {
  it.each([200, 201, 204, 299])('%i is delivered', (status) => {
    expect(classify(answered(status))).toEqual({ outcome: 'delivered' });
  });

  it.each([301, 302, 307, 400, 401, 404, 500, 502])('%i is tried again in 5 s, redirects included', (status) => {
    expect(classify(answered(status, { location: 'https://elsewhere.example.com' }))).toEqual({
      outcome: 'retry',
      inSeconds: 5,
    });
  });

  it('410 stops, and so does a receiver that says abort-message', () => {
    expect(classify(answered(410))).toEqual({ outcome: 'dead', why: 'gone' });
    expect(classify(answered(400, { 'webhook-delivery': 'abort-message' }))).toEqual({
      outcome: 'dead',
      why: 'aborted',
    });
    expect(classify(answered(200, { 'webhook-delivery': 'abort-message' }))).toEqual({ outcome: 'delivered' });
  });

  it('a blocked target is permanent; every other failure is tried again', () => {
    expect(classify(failed('blocked'))).toEqual({ outcome: 'dead', why: 'blocked' });
    for (const code of ['dns', 'connect', 'tls', 'protocol', 'too_large'])
      expect(classify(failed(code))).toEqual({ outcome: 'retry', inSeconds: 5 });
  });

  it('gives a throttling or slow receiver at least a minute', () => {
    expect(classify(answered(429))).toEqual({ outcome: 'retry', inSeconds: 60 });
    expect(classify(failed('timeout'))).toEqual({ outcome: 'retry', inSeconds: 60 });
  });

  it('honours Retry-After, in seconds or as a date, within twice the delay', () => {
    expect(classify(answered(503, { 'retry-after': '8' }))).toEqual({ outcome: 'retry', inSeconds: 8 });
    expect(classify(answered(503, { 'retry-after': '1000000000' }))).toEqual({ outcome: 'retry', inSeconds: 10 });
    expect(classify(answered(503, { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }))).toEqual({
      outcome: 'retry',
      inSeconds: 9,
    });
    expect(classify(answered(503, { 'retry-after': 'soon' }))).toEqual({ outcome: 'retry', inSeconds: 5 });
    expect(classify(answered(500, { 'retry-after': '8' }))).toEqual({ outcome: 'retry', inSeconds: 5 });
  });

  it('ends after twelve attempts', () => {
    expect(classify(answered(500), 11)).toEqual({ outcome: 'retry', inSeconds: 86_400 });
    expect(classify(answered(500), 12)).toEqual({ outcome: 'dead', why: 'exhausted' });
  });
});

describe('what an attempt says about the receiver', () => {
  it.each([
    [answered(200), 'up'],
    [answered(410), 'up'],
    [answered(400, { 'webhook-delivery': 'abort-message' }), 'up'],
    [answered(500), 'down'],
    [answered(302), 'down'],
    [answered(429), 'down'],
    [failed('timeout'), 'down'],
    [failed('dns'), 'down'],
    [failed('tls'), 'down'],
    // Not called at all, and our own keys: neither may open a breaker.
    [failed('blocked'), 'none'],
    [failed('seal_broken'), 'none'],
    [failed('no_secret'), 'none'],
  ] as const)('%o: %s', (result, health) => {
    expect(healthOf(result)).toBe(health);
  });
});
