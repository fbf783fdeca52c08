/** The console in a real browser, on the whole of Livegate: what an operator does, how every screen looks, and that a keyboard is enough. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { newWebhookSecret } from '@livegate/crypto/webhook-signature';
import { openReview } from '@livegate/db/reviews';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { captureClient } from '@livegate/test-kit/capture-client';
import { aConsoleUser, anOperator } from '@livegate/test-kit/console';
import { someDeliveries } from '@livegate/test-kit/deliveries';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const tools = browserTools();
const ARTIFACTS = join(repositoryRoot, 'test/e2e/.artifacts/console');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const redisUrl = inject('redisUrl');

describe.skipIf(!tools)('the console in Chromium', async () => {
  if (!tools) return;
  const stack = await startStack({ redisUrl, env: { LIVEGATE_TRACE_URL: 'https://traces.example/{trace_id}' } });
  const face = await genuineFace();
  const browser = await openBrowser(tools, face);
  const receiver = await startWebhookReceiver();
  afterAll(receiver.close);
  const passwords = { ada: '', vera: '' };
  let [eventId, reference, hostedReference, clientId, reviewId] = ['', '', '', '', ''];

  beforeAll(async () => {
    await mkdir(ARTIFACTS, { recursive: true });
    passwords.ada = await anOperator(stack.db, { name: 'ada', role: 'admin', seesImages: true });
    passwords.vera = await anOperator(stack.db, { name: 'vera', role: 'viewer' });
    const backend = integrator(stack);
    const hosted = await backend.create({ webhook_url: receiver.url, audit_images: 1 });
    hostedReference = hosted.reference;
    await captureClient(hosted.url).submit(face);
    await backend.untilDone(hosted.token);
    await eventually(() => receiver.received.length === 1);
    await backend.create();
    for (let shots = 0; shots < 3; shots += 1) reference = await oneShot();
    const { rows } = await stack.db.query(`select id from clients where name = 'default'`);
    clientId = rows[0].id;
    const keyRing = await openKeyRing({ dir: join(stack.dataDir, 'keys') });
    await someDeliveries(stack.db, {
      clientId,
      url: receiver.url,
      count: 3,
      wrap: (checkId) => keyRing.wrap(Buffer.from(newWebhookSecret()), keyPurpose.webhookSecret(clientId, checkId)),
    });
    await stack.db.query(
      `update deliveries set next_attempt_at = null, dead_at = now(), dead_reason = 'exhausted' where delivered_at is null`,
    );
    const [hostedCheck] = (await stack.db.query('select id from checks where reference = $1', [hostedReference])).rows;
    await stack.db.query('delete from reviews');
    await openReview(stack.db, { checkId: hostedCheck.id, causes: ['near_threshold'] });
    reviewId = (await stack.db.query('select id from reviews')).rows[0].id;
    eventId = (await stack.db.query('select event_id from deliveries order by created_at desc limit 1')).rows[0]
      .event_id;
  });

  async function oneShot(): Promise<string> {
    const response = await fetch(`${stack.url}/v2/face-recognition/liveness`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ os: 'DESKTOP', image: face.toString('base64') }),
    });
    expect(response.status).toBe(200);
    return response.headers.get('x-request-id') ?? '';
  }

  /** A page that is signed in, and everything it did that it should not do. */
  async function open(name: keyof typeof passwords | null, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    await context.grantPermissions(['camera', 'clipboard-read', 'clipboard-write'], { origin: stack.url });
    const page = await context.newPage();
    const wrongs: string[] = [];
    page.on('console', (message) => {
      // Chromium says so of every refusal, also of the one that tells that nobody is signed in.
      const isRefusal = message.text().includes('the server responded with a status of 401');
      if (['error', 'warning'].includes(message.type()) && !isRefusal) wrongs.push(message.text());
    });
    page.on('pageerror', (error) => wrongs.push(`thrown: ${error.message}`));
    page.on('request', (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(stack.url))
        wrongs.push(`foreign: ${request.url()}`);
    });
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective}`));
    });
    await page.goto(`${stack.url}/console`);
    if (name) await signIn(page, name);
    return { page, wrongs, close: () => context.close() };
  }

  async function signIn(page: Page, name: keyof typeof passwords): Promise<void> {
    await stack.db.query('delete from request_rates');
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(passwords[name]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  }

  it('signs in and out, and a session that ended elsewhere ends here', async () => {
    const { page, wrongs, close } = await open(null);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('is not right').waitFor();
    await signIn(page, 'ada');
    expect(
      await page
        .getByRole('link', { name: /Workers/ })
        .locator('.tile-value')
        .innerText(),
    ).toBe('1');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await signIn(page, 'ada');
    await stack.db.query('delete from operator_sessions');
    await page.getByRole('link', { name: 'Checks', exact: true }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(wrongs).toEqual([]);
    await close();
  });

  it('finds a check by its reference, and shows what happened to it', async () => {
    const { page, wrongs, close } = await open('ada');
    await page.getByRole('link', { name: 'Checks', exact: true }).click();
    await page.getByLabel('Reference, token or check id').fill(reference);
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await page.locator('tbody tr').count()).toBe(1));
    await page.getByRole('link', { name: reference }).click();
    const timeline = await page.locator('.timeline').innerText();
    for (const moment of ['create', 'batch stored', 'batch scored', 'verdict']) expect(timeline).toContain(moment);
    const trace = page.getByRole('link', { name: /opens in a new tab/ });
    if (await trace.count())
      expect(await trace.getAttribute('href')).toMatch(/^https:\/\/traces\.example\/[0-9a-f]{32}$/);
    await page.goto(`${stack.url}/console/checks?text=half`);
    await page.getByText('Search for a whole reference').waitFor();
    await page.goto(`${stack.url}/console/checks?state=expired`);
    await page.locator('tbody tr').nth(2).waitFor();
    expect(wrongs.filter((wrong) => !wrong.includes('status of 400'))).toEqual([]);
    await close();
  });

  it('shows kept images to who may see them, when asked to, and writes that down', async () => {
    const looks = async () =>
      (await stack.db.query(`select actor from audit_log where action = 'images.read' and actor like 'operator:%'`))
        .rows;
    const { page, wrongs, close } = await open('ada');
    await page.goto(`${stack.url}/console/checks/${hostedReference}`);
    const show = page.getByRole('button', { name: 'Show images' });
    await show.waitFor();
    expect(await page.locator('.images img').count()).toBe(0);
    expect(await looks()).toEqual([]);
    await show.click();
    await page.getByRole('img', { name: 'Kept as probe' }).waitFor();
    const width = await page
      .locator('.images img')
      .first()
      .evaluate((image: HTMLImageElement) => image.naturalWidth);
    expect(width).toBe(960);
    expect(await looks()).toEqual([{ actor: 'operator:ada' }]);
    await page.screenshot({ path: join(ARTIFACTS, 'check-images-light.png'), fullPage: true });
    expect(wrongs).toEqual([]);
    await close();
    const viewer = await open('vera');
    await viewer.page.goto(`${stack.url}/console/checks/${hostedReference}`);
    await viewer.page.locator('.timeline').getByText('delivered').waitFor();
    expect(await viewer.page.getByText('Kept images').count()).toBe(0);
    await viewer.close();
  });

  it('delivers a dead letter again, after asking', async () => {
    const { page, wrongs, close } = await open('ada');
    await page.getByRole('link', { name: /Dead letters/ }).click();
    await page.locator('tbody a').first().click();
    await page.getByRole('button', { name: 'Deliver again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Deliver again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deliver again' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('table', { name: 'Attempts' }).getByText('by hand').waitFor();
    await page.locator('.panel').getByText('delivered').first().waitFor();
    const told = receiver.received.filter(
      ({ headers }) =>
        headers['webhook-id'] === decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? ''),
    );
    expect(told.length).toBeGreaterThan(0);
    const { rows } = await stack.db.query(
      `select count(*)::int as acts from audit_log where actor = 'operator:ada' and action = 'event.replayed'`,
    );
    expect(rows[0].acts).toBe(1);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('makes a client and a key that works, shown once, and revokes it', async () => {
    const { page, wrongs, close } = await open('ada');
    await page.getByRole('link', { name: 'Clients & keys' }).click();
    await page.getByRole('button', { name: 'New client' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Acme');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Acme' }).waitFor();
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    const secret = (await page.locator('.secret code').innerText()).trim();
    const status = async () =>
      (await fetch(`${stack.url}/events`, { headers: { authorization: `Bearer ${secret}` } })).status;
    expect(await status()).toBe(200);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('revoked').waitFor();
    expect(await status()).toBe(401);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('tries a picture of a file and one of the camera, and keeps neither', async () => {
    const { page, wrongs, close } = await open('ada');
    await page.getByRole('link', { name: 'Try it' }).click();
    await page.locator('input[type=file]').setInputFiles({ name: 'face.jpg', mimeType: 'image/jpeg', buffer: face });
    await page.locator('.face-box').waitFor();
    expect(Number(await page.locator('.tried .tile-value').innerText())).toBeGreaterThan(0);
    const picture = await page.locator('.tried-picture img').boundingBox();
    const box = await page.locator('.face-box').boundingBox();
    if (!picture || !box) throw new Error('nothing is drawn');
    expect(box.x).toBeGreaterThan(picture.x);
    expect(box.x + box.width).toBeLessThan(picture.x + picture.width);
    await page.screenshot({ path: join(ARTIFACTS, 'try-result-light.png'), fullPage: true });
    await page.getByRole('tab', { name: 'Camera' }).click();
    const first = await page.locator('.tried a code').innerText();
    await page.getByRole('button', { name: 'Take the picture' }).click();
    await eventually(async () => expect(await page.locator('.tried a code').innerText()).not.toBe(first));
    await page.screenshot({ path: join(ARTIFACTS, 'try-camera-light.png'), fullPage: true });
    const { rows } = await stack.db.query(
      `select (select count(*)::int from checks where client_id = 'cli_console') as checks,
              (select count(*)::int from frame_blobs join checks on id = check_id where client_id = 'cli_console') as images`,
    );
    expect(rows[0]).toEqual({ checks: 2, images: 0 });
    await page.getByRole('tab', { name: 'File' }).click();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'x.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await page.getByText('not a JPEG, PNG or WebP').waitFor();
    expect(wrongs.filter((wrong) => !wrong.includes('status of 422'))).toEqual([]);
    await close();
  });

  it('shows a viewer no control that they may not use', async () => {
    const { page, close } = await open('vera');
    expect(await page.getByRole('link', { name: 'Try it' }).count()).toBe(0);
    await page.goto(`${stack.url}/console/clients`);
    await page.locator('tbody tr').first().waitFor();
    expect(await page.getByRole('button', { name: 'New client' }).count()).toBe(0);
    await page.goto(`${stack.url}/console/events/${eventId}`);
    await page.getByText('Attempts').first().waitFor();
    expect(await page.getByRole('button', { name: 'Deliver again' }).count()).toBe(0);
    await close();
  });

  it('needs no mouse: in by keyboard, along the screens, a dialog that keeps the focus and gives it back', async () => {
    const { page, close } = await open(null);
    await stack.db.query('delete from request_rates');
    await page.getByLabel('Name').focus();
    await page.keyboard.type('ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type(passwords.ada);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await tabTo(page, 'Skip to content');
    await tabTo(page, 'Clients & keys');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Clients & keys' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await tabTo(page, 'New client');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('Tab');
      // Beyond its last control lies the browser's own, never the page behind.
      expect(await page.evaluate(() => document.activeElement?.closest('#root') === null)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('New client');
    await close();
  });

  it.skipIf(!redisUrl)(
    "shows BullMQ's board to who is signed in: it changes nothing and asks nobody else for anything",
    async () => {
      await stack.db.query('delete from request_rates');
      const { cookie, send } = await aConsoleUser(stack.url, { name: 'vera', password: passwords.vera });
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const [name = '', value = ''] = cookie.split('=');
      await context.addCookies([{ name, value, url: stack.url }]);
      const page = await context.newPage();
      const wrongs: string[] = [];
      page.on('console', (message) => message.type() === 'error' && wrongs.push(message.text()));
      page.on('pageerror', (error) => wrongs.push(error.message));
      page.on('request', (request) => {
        if (/^https?:/.test(request.url()) && !request.url().startsWith(stack.url))
          wrongs.push(`foreign: ${request.url()}`);
      });
      await page.goto(`${stack.url}/console/queues`);
      await page.getByRole('link', { name: 'BullMQ board' }).click();
      await page
        .getByRole('link', { name: /inference/ })
        .first()
        .click();
      await page.getByText('Waiting').first().waitFor();
      await page.screenshot({ path: join(ARTIFACTS, 'board.png') });
      expect(wrongs).toEqual([]);
      for (const act of ['pause', 'empty', 'obliterate'])
        expect((await send('put', `/board/api/queues/inference/${act}`)).status).toBe(404);
      await context.close();
    },
  );

  const SCREENS: Record<string, () => { path: string; shows: string }> = {
    overview: () => ({ path: '', shows: '.tile' }),
    queues: () => ({ path: '/queues', shows: '.panel .facts' }),
    checks: () => ({ path: '/checks', shows: 'tbody tr' }),
    'checks-empty': () => ({ path: '/checks?state=failed', shows: '.state-title' }),
    'checks-refused': () => ({ path: '/checks?text=half', shows: '.state-bad' }),
    check: () => ({ path: `/checks/${hostedReference}`, shows: '.timeline' }),
    deliveries: () => ({ path: '/deliveries', shows: 'tbody tr' }),
    event: () => ({ path: `/events/${eventId}`, shows: '.panel' }),
    clients: () => ({ path: '/clients', shows: 'tbody tr' }),
    client: () => ({ path: `/clients/${clientId}`, shows: 'tbody tr' }),
    reviews: () => ({ path: '/reviews', shows: 'tbody tr' }),
    review: () => ({ path: `/reviews/${reviewId}`, shows: '.state-title' }),
    try: () => ({ path: '/try', shows: '.drop' }),
    nothing: () => ({ path: '/nowhere', shows: '.state' }),
  };

  it.each(['light', 'dark'] as const)('has no fault that axe knows on any screen, %s', async (colorScheme) => {
    // axe is put into the page by the test, which the page's policy would rightly refuse.
    const { page, close } = await open(null, { colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
    await look(page, `sign-in-${colorScheme}`);
    await signIn(page, 'ada');
    for (const [name, screen] of Object.entries(SCREENS)) {
      const { path, shows } = screen();
      await page.goto(`${stack.url}/console${path}`);
      await page.locator(shows).first().waitFor();
      await look(page, `${name}-${colorScheme}`);
    }
    await page.goto(`${stack.url}/console/clients/${clientId}`);
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('dialog').waitFor();
    await look(page, `dialog-${colorScheme}`);
    await close();
  });

  it('fits a phone: nothing but tables scrolls sideways', async () => {
    const { page, close } = await open('ada', {
      viewport: { width: 375, height: 740 },
      isMobile: true,
      hasTouch: true,
    });
    for (const [name, screen] of Object.entries(SCREENS)) {
      const { path, shows } = screen();
      await page.goto(`${stack.url}/console${path}`);
      await page.locator(shows).first().waitFor();
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (['overview', 'checks', 'check'].includes(name))
        await page.screenshot({ path: join(ARTIFACTS, `${name}-phone.png`), fullPage: true });
      expect([name, over <= 0]).toEqual([name, true]);
    }
    await close();
  });

  // The last: what was answered waits no longer.
  it('has a reviewer say what they see, and tells them nothing of it', async () => {
    const { page, wrongs, close } = await open('ada', { bypassCSP: true });
    await page.getByRole('link', { name: 'Reviews' }).click();
    await page.getByRole('link', { name: reviewId }).click();
    await page.getByRole('button', { name: 'Take it in hand' }).click();
    await page.getByRole('img', { name: '1 of' }).waitFor();
    const shown = await page.locator('main').innerText();
    for (const secret of [hostedReference, 'default', 'passed', 'threshold']) expect(shown).not.toContain(secret);
    await look(page, 'review-in-hand');
    await page.getByRole('button', { name: 'bona fide' }).click();
    await page.getByText('Nothing waits for you.').waitFor();
    const { rows } = await stack.db.query('select reviewer, label from review_labels');
    expect(rows).toEqual([{ reviewer: 'operator:ada', label: 'bona_fide' }]);
    const acts = await stack.db.query(
      `select action from audit_log where actor = 'operator:ada' and details ->> 'review' = $1 order by sequence`,
      [reviewId],
    );
    expect(acts.rows.map(({ action }) => action)).toEqual(['images.read', 'review.labelled']);
    expect(wrongs).toEqual([]);
    await close();
    const viewer = await open('vera');
    expect(await viewer.page.getByRole('link', { name: 'Reviews' }).count()).toBe(0);
    await viewer.close();
  });

  async function look(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(ARTIFACTS, `${name}.png`), fullPage: true });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(
      (runOnly) => (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly }),
      RULES,
    );
    const faults = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    expect([name, ...faults]).toEqual([name]);
  }

  /** Presses Tab until the focus is on what has this text. */
  async function tabTo(page: Page, text: string): Promise<void> {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === text) return;
    }
    throw new Error(`the focus never came to ${text}`);
  }
});
