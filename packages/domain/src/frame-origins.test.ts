import { expect, it } from 'vitest';
import { effectiveFrameOrigins, faultOfFrameOrigin } from './frame-origins.ts';

it.each(['https://shop.example', 'https://a-b.shop.example:8443', 'http://localhost:3000', 'http://127.0.0.1'])(
  '%s is an origin',
  (text) => {
    expect(faultOfFrameOrigin(text)).toBeNull();
  },
);

it.each([
  ['shop.example', 'is not an origin'],
  ['', 'is not an origin'],
  ['https://*.shop.example', 'wildcard'],
  ['https://*', 'wildcard'],
  ['*', 'is not an origin'],
  ['http://shop.example', 'is not https'],
  ['http://localhost.evil.example', 'is not https'],
  ['javascript:alert(1)', 'is not https'],
  ['https://shop.example/', 'write it as https://shop.example'],
  ['https://shop.example/path', 'write it as https://shop.example'],
  ['https://shop.example:443', 'write it as https://shop.example'],
  ['https://Shop.example', 'write it as https://shop.example'],
  ['https://user@shop.example', 'write it as https://shop.example'],
  ['https://bücher.example', 'write it as https://xn--bcher-kva.example'],
  ["https://a.example;script-src'none'", 'is not'],
  ['https://a.example https://b.example', 'is not an origin'],
  ['https://[::1]', 'not a host name'],
  ['https://a_b.example', 'not a host name'],
])('%s is none: %s', (text, why) => {
  expect(faultOfFrameOrigin(text)).toContain(why);
});

it('those of the own machine do not count in production', () => {
  const origins = ['https://shop.example', 'http://localhost:3000'];
  expect(effectiveFrameOrigins(origins, 'development')).toEqual(origins);
  expect(effectiveFrameOrigins(origins, 'production')).toEqual(['https://shop.example']);
});
