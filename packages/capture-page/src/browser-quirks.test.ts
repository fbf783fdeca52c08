import { expect, test } from 'vitest';
import { readBrowserQuirks } from './browser-quirks.ts';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 15; Pixel 9';

test.each([
  [`${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]`, true],
  [`${IPHONE} Mobile/15E148 Instagram 350.0`, true],
  [`${ANDROID}; wv) AppleWebKit/537.36 Version/4.0 Chrome/130.0 Mobile Safari/537.36`, true],
  [`${ANDROID}) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0`, true],
  [`${IPHONE} Version/18.1 Mobile/15E148 Safari/604.1`, false],
  [`${ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36`, false],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', false],
])('%s: in an app %s', (userAgent, isInApp) => {
  expect(readBrowserQuirks({ userAgent })).toEqual({ isInApp, isAutomated: false });
});

test('a browser under control of a program is told by its own word', () => {
  expect(readBrowserQuirks({ userAgent: IPHONE, webdriver: true }).isAutomated).toBe(true);
  expect(readBrowserQuirks({ userAgent: 'Mozilla/5.0 HeadlessChrome/130.0' }).isAutomated).toBe(true);
});
