import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { eventually } from '@livegate/test-kit/eventually';
import { attackFace, emptyRoom, genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import type { Browser, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const tools = browserTools();
const ARTIFACTS = join(repositoryRoot, 'test/e2e/.artifacts');

const VIEWPORTS = {
  phone: { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true, colorScheme: 'light' },
  desktop: { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false, colorScheme: 'dark' },
} as const;

describe.skipIf(!tools)('the capture page in a real browser', async () => {
  const stack = await startStack();
  const backend = integrator(stack);
  const shop = createServer((_request, response) =>
    response.end('<!doctype html><title>Back in the shop</title>'),
  ).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const returnUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/back?cart=7`;
  afterAll(() => void shop.close());
  beforeAll(() => mkdir(ARTIFACTS, { recursive: true }));

  const browserWith = (picture: Buffer | null) => openBrowser(tools as NonNullable<typeof tools>, picture);

  /** A page that fails the test when anything is refused by the policy, thrown, or asked of another host. */
  async function openPage(browser: Browser, device: keyof typeof VIEWPORTS, context: { permissions?: string[] } = {}) {
    const page = await (await browser.newContext({ ...VIEWPORTS[device], ...context })).newPage();
    const troubles: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (origin !== stack.url && origin !== new URL(returnUrl).origin) troubles.push(`a request to ${origin}`);
    });
    return { page, troubles };
  }
  const state = (page: Page, name: string) => page.waitForSelector(`body[data-state="${name}"]`, { timeout: 20_000 });
  const primary = (page: Page) => page.click('[data-action="primary"]:visible');
  const shoot = (page: Page, name: string) => page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });

  async function capture(page: Page, url: string, name: string): Promise<void> {
    await page.goto(url);
    await state(page, 'consent');
    await page.waitForSelector('[data-action="primary"]:visible');
    await shoot(page, `${name}-1-consent`);
    await primary(page);
    await state(page, 'ready');
    await page.waitForTimeout(600);
    await shoot(page, `${name}-2-ready`);
    await primary(page);
    await state(page, 'capturing');
    // The ring has moved: frames are being taken.
    await page.waitForFunction(
      () =>
        Number(
          document
            .querySelector('.guide-ring')
            ?.getAttribute('style')
            ?.match(/--progress: ?([\d.]+)/)?.[1] ?? 0,
        ) >= 0.5,
    );
    await shoot(page, `${name}-3-capturing`);
  }

  it.each(['phone', 'desktop'] as const)(
    'takes a genuine person on a %s from consent to the shop, and the check passes',
    async (device) => {
      const receiver = await startWebhookReceiver();
      const { page, troubles } = await openPage(await browserWith(await genuineFace()), device);
      const check = await backend.create({
        return_url: returnUrl,
        webhook_url: receiver.url,
        audit_images: 4,
        threshold: 60,
      });
      await capture(page, check.url, device);
      await state(page, 'done');
      await shoot(page, `${device}-4-done`);
      expect(await page.textContent('body')).not.toMatch(/pass|fail|score|live person/i);
      await page.waitForURL(`${returnUrl}&lc_token=${check.token}`);

      const { status, body } = await backend.get(check.token);
      expect(status).toBe(200);
      expect(body.result).toMatchObject({ passed: true, reasons: [] });
      expect(body.result.audit_images).toHaveLength(4);
      // Chromium’s fake camera: the frames pass, and where they come from is in the result.
      expect(body.result.risk_signals).toContain('VIRTUAL_CAMERA');
      const webhook = await eventually(() => {
        const [first] = receiver.received;
        if (!first) throw new Error('no webhook yet');
        return first;
      });
      new Webhook(check.secret).verify(webhook.body.toString(), webhook.headers as Record<string, string>);
      expect(troubles).toEqual([]);
      const { rows } = await stack.db.query(
        'select count(*)::int as frames, min(bytes) as smallest from frames join checks on checks.id = check_id where token = $1',
        [check.token],
      );
      expect(rows[0].frames).toBe(8);
      await receiver.close();
    },
  );

  it.each(['minivision-image_F1', 'minivision-image_F2', 'vietmoney-fake_003'] as const)(
    'never passes the attack %s held before the camera',
    async (name) => {
      const attack = await attackFace(name);
      if (!attack) return;
      const { page } = await openPage(await browserWith(attack), 'desktop');
      const check = await backend.create({ return_url: returnUrl, threshold: 60 });
      await capture(page, check.url, `attack-${name}`);
      const outcome = await eventually(async () => {
        const { body } = await backend.get(check.token);
        const { rows } = await stack.db.query('select attempt from checks where token = $1', [check.token]);
        return (body.status === 'complete' || body.status === 'failed' || rows[0].attempt > 1) && body;
      });
      expect(outcome.result?.passed ?? false).toBe(false);
    },
  );

  it('helps a person whom it cannot see, and goes on in the same page', async () => {
    const { page, troubles } = await openPage(await browserWith(await emptyRoom()), 'phone');
    const check = await backend.create({ return_url: returnUrl });
    await capture(page, check.url, 'empty-room');
    await state(page, 'ready');
    expect(await page.textContent('[role="status"]')).toContain('oval');
    await shoot(page, 'phone-5-try-again');
    expect(troubles).toEqual([]);
  });

  it('says what to do when there is no camera, and lets the person go back', async () => {
    const { page } = await openPage(await browserWith(null), 'phone');
    const check = await backend.create({ return_url: returnUrl });
    await page.goto(check.url);
    await primary(page);
    await state(page, 'failed');
    await shoot(page, 'phone-6-no-camera');
    expect((await page.textContent('main'))?.toLowerCase()).toContain('camera');
    expect((await backend.get(check.token)).status).toBe(202);
  });

  it('says that a link has ended, or is unknown, in words', async () => {
    const { page } = await openPage(await browserWith(null), 'phone');
    const check = await backend.create({ return_url: returnUrl });
    await stack.db.query('update checks set link_expires_at = now() where token = $1', [check.token]);
    await page.goto(check.url);
    await state(page, 'failed');
    await shoot(page, 'phone-7-expired');
    expect(await page.textContent('h1')).toMatch(/expired|run out|over|ended/i);
    await page.goto(`${check.url.slice(0, -4)}AAAA`);
    await state(page, 'failed');
    await shoot(page, 'phone-8-unknown');
  });
});
