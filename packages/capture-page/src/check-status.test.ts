import { expect, test } from 'vitest';
import { readCheckStatus, readRedirectUrl } from './check-status.ts';
import { Trouble } from './trouble.ts';

test('a whole answer is read', () => {
  const status = readCheckStatus({
    state: 'retry',
    attempt: 2,
    attempts_allowed: 3,
    reason: 'FACE_TOO_SMALL',
    words: 'Please come closer.',
    redirect_url: null,
    frames: { count: 6, interval_ms: 300, min_width: 640, min_height: 480 },
    client_name: 'Acme',
    challenge: 'turn',
    consented: true,
    elsewhere: false,
    detector_url: '/capture-assets/detector-1.onnx',
    can_hand_off: true,
    handoff: 'waiting',
    logo_url: '/brand/logo-1.png',
    dark_logo_url: null,
    frame_origins: ['https://shop.example', null],
  });
  expect(status).toEqual({
    state: 'retry',
    attempt: 2,
    attemptsAllowed: 3,
    reason: 'FACE_TOO_SMALL',
    words: 'Please come closer.',
    redirectUrl: null,
    frames: { count: 6, intervalMs: 300, minWidth: 640, minHeight: 480 },
    clientName: 'Acme',
    hasConsented: true,
    isElsewhere: false,
    isChallenged: true,
    detectorUrl: '/capture-assets/detector-1.onnx',
    canHandOff: true,
    handoff: 'waiting',
    logoUrl: '/brand/logo-1.png',
    darkLogoUrl: null,
    frameOrigins: ['https://shop.example'],
  });
});

test('an unknown state is a fault of the server', () => {
  expect(() => readCheckStatus({ state: 'asleep' })).toThrow(Trouble);
});

test('absurd or missing frame numbers cannot make the page capture for ever', () => {
  expect(readCheckStatus({ state: 'open', frames: { count: 1e9, interval_ms: 'x' } }).frames).toEqual({
    count: 40,
    intervalMs: 250,
    minWidth: 640,
    minHeight: 480,
  });
});

test.each([
  ['https://example.test/back?lc_token=1', true],
  ['acme-app://done', true],
  ['javascript:alert(1)', false],
  ['JavaScript:alert(1)', false],
  ['data:text/html,x', false],
  ['/relative', false],
  [null, false],
])('may leave to %s: %s', (url, may) => {
  expect(readRedirectUrl(url)).toBe(may ? url : null);
});
