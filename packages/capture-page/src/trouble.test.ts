import { expect, test } from 'vitest';
import { answerTroubleOf } from './answer-troubles.ts';
import { cameraTroubleOf } from './camera-troubles.ts';
import { messages as en } from './messages/en.ts';
import { createScreens, failedControlsOf } from './screens.ts';
import { TROUBLES, type TroubleCode, troubleCodeOf } from './trouble.ts';

test.each([
  ['NotAllowedError', 'camera_denied'],
  ['NotFoundError', 'camera_missing'],
  ['NotReadableError', 'camera_busy'],
  ['TypeError', 'camera_unsupported'],
  ['SomethingNew', 'camera_silent'],
])('a camera refused with %s is %s', (name, code) => {
  expect(cameraTroubleOf({ name })).toBe(code);
});

test.each([
  [409, 'capture_superseded', 'capture_superseded'],
  [409, 'check_expired', 'check_expired'],
  [409, 'something_new', 'capture_closed'],
  [410, undefined, 'check_expired'],
  [404, undefined, 'unknown_link'],
  [422, 'unreadable_image', 'unreadable_image'],
  [429, undefined, 'server_fault'],
  [503, 'unavailable', 'server_fault'],
])('an answer %i with code %s is %s', (status, code, trouble) => {
  expect(answerTroubleOf({ status, code })).toBe(trouble);
});

test('a code of this page alone is not taken from the wire', () => {
  expect(answerTroubleOf({ status: 500, code: 'camera_denied' })).toBe('server_fault');
});

test('what is thrown unexpectedly is a fault of ours', () => {
  expect(troubleCodeOf(new Error('x'))).toBe('server_fault');
});

test('a failed screen has exactly the controls that its trouble allows', () => {
  const screens = createScreens(en);
  for (const code of Object.keys(TROUBLES) as TroubleCode[]) {
    const screen = screens.failed(code);
    const controls = failedControlsOf(code);
    expect([code, screen.primary !== undefined]).toEqual([code, controls.primary !== null]);
    expect([code, screen.secondary !== undefined]).toEqual([code, controls.secondary !== null]);
    expect(screen.words).not.toBe('');
  }
});
