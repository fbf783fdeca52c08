import { expect, it } from 'vitest';
import { parseFailureLock, printFailureLock, USUAL_FAILURE_LOCK } from './failure-lock.ts';

it.each([USUAL_FAILURE_LOCK, '1/1/1', '100/3600/3600', 'off'])('reads %s and writes it the same', (text) => {
  const lock = parseFailureLock(text);
  expect(lock && printFailureLock(lock)).toBe(text);
});

it.each([
  '',
  'on',
  '5',
  '5/180',
  '0/180/900',
  '5/0/900',
  '5/180/0',
  '101/180/900',
  '5/3601/900',
  '5/180/3601',
  '5/180/900/1',
  ' 5/180/900',
  '-5/180/900',
])('takes no %j', (text) => {
  expect(parseFailureLock(text)).toBeNull();
});
