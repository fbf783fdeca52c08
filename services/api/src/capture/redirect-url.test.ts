import { expect, it } from 'vitest';
import { redirectUrl } from './redirect-url.ts';

it.each([
  ['https://a.example.com/back', 'https://a.example.com/back?lc_token=T'],
  [
    'https://a.example.com/back?a=b%20c&flag&sig=x%2Fy#f',
    'https://a.example.com/back?a=b%20c&flag&sig=x%2Fy&lc_token=T#f',
  ],
  ['https://a.example.com/#/route?x=1', 'https://a.example.com/?lc_token=T#/route?x=1'],
])('adds the token to %s and changes nothing else', (returnUrl, expected) => {
  expect(redirectUrl({ returnUrl, token: 'T' })).toBe(expected);
});

it('adds the error on terminal failures, and goes nowhere without an address', () => {
  expect(redirectUrl({ returnUrl: 'https://a.example.com/', token: 'T' }, 'expired')).toBe(
    'https://a.example.com/?lc_token=T&error=expired',
  );
  expect(redirectUrl({ returnUrl: null, token: 'T' })).toBeNull();
});
