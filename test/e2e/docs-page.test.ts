import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { OPERATIONS } from '@livegate/contracts/operations/operations';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { genuineFace } from '@livegate/test-kit/faces';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';

const tools = browserTools();
const artifacts = join(repositoryRoot, 'test/e2e/.artifacts');

describe.skipIf(!tools)('the docs page in Chromium', async () => {
  if (!tools) return;
  const stack = await startStack();
  let browser: Browser;
  beforeAll(async () => {
    await mkdir(artifacts, { recursive: true });
    browser = await openBrowser(tools, null);
  });

  /** The page, opened, and everything it did that it should not do. */
  async function openDocs(options: BrowserContextOptions = {}): Promise<{ page: Page; wrongs: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const wrongs: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) wrongs.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => wrongs.push(`thrown: ${error.message}`));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== 'data:' && origin !== stack.url) wrongs.push(`foreign request: ${request.url()}`);
    });
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective}`));
    });
    await page.goto(`${stack.url}/docs`);
    await page
      .locator('.opblock')
      .nth(OPERATIONS.length - 1)
      .waitFor();
    return { page, wrongs };
  }

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true }],
  ] as const)('shows every operation and nothing of anybody else (%s)', async (name, options) => {
    const { page, wrongs } = await openDocs(options);
    for (const { path } of OPERATIONS)
      expect(await page.locator(`.opblock [data-path="${path}"]`).count(), path).toBeGreaterThan(0);
    const [background] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor]);
    expect(background === 'rgb(28, 32, 34)').toBe(name === 'dark');
    const { width, scrollWidth } = await page.evaluate(() => ({
      width: document.documentElement.clientWidth,
      scrollWidth: document.documentElement.scrollWidth,
    }));
    expect(scrollWidth).toBeLessThanOrEqual(width);
    await page.screenshot({ path: join(artifacts, `docs-${name}.png`) });
    await page.locator('#operations-GlobalData-retrieveLivenessCheck').scrollIntoViewIfNeeded();
    await page.locator('#operations-GlobalData-createLivenessCheck .opblock-summary-control').click();
    await page.locator('#operations-GlobalData-createLivenessCheck .responses-table').first().waitFor();
    await page.screenshot({ path: join(artifacts, `docs-${name}-operation.png`) });
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('has nothing that axe calls serious or critical (%s)', async (colorScheme) => {
    // axe is put into the page by the test, which the page's policy would rightly refuse.
    const { page } = await openDocs({ colorScheme, bypassCSP: true });
    await page.locator('#operations-GlobalData-createLivenessCheck .opblock-summary-control').click();
    await page.locator('#operations-GlobalData-createLivenessCheck .responses-table select').first().waitFor();
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`))).toEqual([]);
    await page.context().close();
  });

  it('tries requests out: JSON and a form, with the key of the Authorize dialog', async () => {
    const { page, wrongs } = await openDocs();
    const keyId = /^lv_live_([^_]{12})_/.exec(stack.apiKey)?.[1] ?? '';
    await page.locator('.auth-wrapper .authorize').first().click();
    for (const [scheme, value] of [
      ['bearer', stack.apiKey],
      ['appId', keyId],
      ['appKey', stack.apiKey],
    ]) {
      const form = page.locator('.auth-container', { has: page.locator(`h4 code:text-is("${scheme}")`) });
      await form
        .locator('input')
        .first()
        .fill(value as string);
      await form.locator('button.authorize').click();
    }
    await page.locator('.dialog-ux .close-modal').click();

    const create = page.locator('#operations-GlobalData-createLivenessCheck');
    await tryOut(create);
    expect(await statusOf(create)).toBe('201');
    const { rows } = await stack.db.query(`select count(*)::int as checks from checks where kind = 'hosted'`);
    expect(rows[0].checks).toBe(1);

    const verify = page.locator('#operations-Kairos-kairosLivenessVerification_v0_1');
    await tryOut(verify, async () => {
      const selfie = { name: 'selfie.jpg', mimeType: 'image/jpeg', buffer: await genuineFace() };
      await verify.locator('input[type=file]').setInputFiles(selfie);
    });
    expect(await statusOf(verify)).toBe('200');
    expect(await verify.locator('.live-responses-table').first().innerText()).toContain('"response_code": 0');
    expect(wrongs).toEqual([]);
  });
});

type Block = ReturnType<Page['locator']>;

async function tryOut(operation: Block, fill: () => Promise<void> = async () => undefined): Promise<void> {
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  await fill();
  await operation.locator('button.execute').click();
}

async function statusOf(operation: Block): Promise<string> {
  return (
    (await operation.locator('.live-responses-table .response-col_status').last().innerText()).split('\n')[0] ?? ''
  );
}
