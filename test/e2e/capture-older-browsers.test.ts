/** What older browsers lack is taken away from this one: the page and its element work all the same. */
import { startApi } from '@livegate/test-kit/api';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import type { BrowserContext } from 'playwright-core';
import { describe, expect, it } from 'vitest';

const tools = browserTools();

describe.skipIf(!tools)('an older browser', async () => {
  const api = await startApi();
  const backend = integrator(api);
  const browser = await openBrowser(tools as NonNullable<typeof tools>, await genuineFace());

  /** A page of a site around the frame, on the api's own origin; what is refused or thrown is collected. */
  async function openSite(context: BrowserContext, html: string) {
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) troubles.push(message.text());
    });
    await page.route('**/shop', (route) =>
      route.fulfill({
        headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; frame-src *" },
        contentType: 'text/html',
        body: `<!doctype html><title>Shop</title>${html}`,
      }),
    );
    await page.goto(`${api.url}/shop`);
    return { page, troubles };
  }

  it('before Safari 15.4: aborts have no reasons', async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.addInitScript(() => {
      const signal = AbortSignal.prototype as unknown as Record<string, unknown>;
      delete signal.reason;
      delete signal.throwIfAborted;
    });
    await page.route('**/detector-*', (route) => route.abort());
    const challenge = { step: 1, of: 4, prompt: 'left', nonce: 'n', state: 'open', frame_interval_ms: 200 };
    await page.route('**/frames/*', (route) => route.fulfill({ json: { challenge } }));
    await page.goto((await backend.create({ challenge: 'turn' })).url);
    await page.click('[data-action="primary"]:visible');
    await page.click('[data-state="ready"] [data-action="primary"]');
    // Frames are followed by frames.
    await page.waitForResponse((response) => response.url().endsWith('/frames/2'));
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.waitForSelector('[data-state="failed"]');
    expect(await page.textContent('h1')).toBe('You left this page');
    expect(errors).toEqual([]);
  });

  it('before Safari 16.4: no style sheet is made by script, and the element has its shape', async () => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
    await context.addInitScript(() => {
      Object.assign(window, {
        CSSStyleSheet: class {
          constructor() {
            throw new TypeError('Illegal constructor');
          }
        },
      });
    });
    const { page, troubles } = await openSite(
      context,
      `<script type="module" src="/embed/livegate-check.js"></script><livegate-check src="${api.url}/c/none"></livegate-check>`,
    );
    const frame = page.locator('livegate-check iframe');
    await frame.waitFor();
    expect(await frame.boundingBox()).toMatchObject({ width: 432, height: 688 });
    await page.evaluate(() => document.querySelector('livegate-check')?.setAttribute('src', '/c/other'));
    await page.evaluate((src) => document.querySelector('livegate-check')?.setAttribute('src', src), `${api.url}/c/2`);
    expect(await frame.count()).toBe(1);
    expect(await frame.boundingBox()).toMatchObject({ width: 432, height: 688 });
    await page.evaluate(() => document.querySelector('livegate-check')?.setAttribute('hidden', ''));
    expect(await frame.isVisible()).toBe(false);
    expect(troubles.filter((text) => !text.includes('frame-ancestors'))).toEqual([]);
  });

  it('before Safari 18.4, and from 18.5 to 26.1: a frame keeps no cookie, and may start again', async () => {
    const context = await browser.newContext();
    await context.route('**/detector-*', (route) => route.abort());
    await context.route('**/c/**', async (route) => {
      // Nobody scores them here.
      if (route.request().url().includes('/frames/')) return route.fulfill({ status: 204 });
      const response = await route.fetch();
      // What the test's own fetch keeps, the browser would not.
      await context.clearCookies();
      const headers = response.headers();
      for (const name of ['set-cookie', 'content-security-policy', 'x-frame-options']) delete headers[name];
      await route.fulfill({ response, headers });
    });
    const { url } = await backend.create({ challenge: 'none' });
    const { page } = await openSite(context, `<iframe src="${url}" allow="camera"></iframe>`);
    const frame = page.frameLocator('iframe');
    const started = () => page.waitForResponse((response) => response.url().endsWith('/start'));
    await frame.locator('[data-action="primary"]:visible').click();
    await frame.locator('[data-state="ready"]').waitFor({ state: 'attached' });
    let [answer] = await Promise.all([started(), frame.locator('[data-action="primary"]:visible').click()]);
    expect(answer.status()).toBe(200);
    await page.frames()[1]?.goto(url);
    await frame.locator('[data-state="ready"]').waitFor({ state: 'attached' });
    [answer] = await Promise.all([started(), frame.locator('[data-action="primary"]:visible').click()]);
    expect(answer.status()).toBe(200);
    expect(await context.cookies()).toEqual([]);
  });
});
