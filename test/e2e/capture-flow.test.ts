import { join } from 'node:path';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { eventually } from '@livegate/test-kit/eventually';
import { darkFace, emptyRoom, genuineFace, twoPeople } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { installReactiveCamera } from '@livegate/test-kit/reactive-camera';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { installVoice } from '@livegate/test-kit/spoken-voice';
import { startStack } from '@livegate/test-kit/stack';
import { type TurningHead, turningHead } from '@livegate/test-kit/turning-head';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

const tools = browserTools();
const head = await turningHead();

/** JavaScript that a person waits for before they see the first screen, compressed. */
const FIRST_SCREEN_BYTES = 60_000;

describe.skipIf(!tools)('the way through the capture page', async () => {
  const stack = await startStack();
  const backend = integrator(stack);
  const browser = await openBrowser(tools as NonNullable<typeof tools>, null);
  const face = await genuineFace();
  const still =
    (picture: Buffer): TurningHead =>
    async () =>
      picture;
  const create = (body = {}) => backend.create({ threshold: 60, return_url: 'http://127.0.0.1:9/back', ...body });

  /** A page whose camera shows this; what the policy refuses and what is asked of others is collected. */
  async function openPage(camera: TurningHead, context?: BrowserContext) {
    const page = await (context ?? (await browser.newContext({ viewport: { width: 390, height: 780 } }))).newPage();
    const troubles: string[] = [];
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== stack.url && origin !== 'http://127.0.0.1:9') {
        troubles.push(`a request to ${origin}`);
      }
    });
    await installReactiveCamera(page, { head: camera });
    return { page, troubles };
  }
  const state = (page: Page, name: string) => page.waitForSelector(`body[data-state="${name}"]`, { timeout: 40_000 });
  const primary = (page: Page) => page.click('[data-action="primary"]:visible');
  /** Without hints, so that nothing starts by itself. */
  const withoutDetector = (page: Page) => page.route('**/detector-*', (route) => route.abort());
  const untilReady = async (page: Page, url: string) => {
    await page.goto(url);
    await primary(page);
    await state(page, 'ready');
  };

  it('shows its first screen after little JavaScript, compressed and cached for ever, and loads the rest when it is needed', async () => {
    // Nobody to start by themselves: what they sent would be seen before in the next test.
    const { page, troubles } = await openPage(still(await emptyRoom()));
    const scripts: { url: string; bytes: number }[] = [];
    page.on('response', async (response) => {
      if (!/\/capture-assets\//.test(response.url())) return;
      const { responseBodySize } = await response.request().sizes();
      scripts.push({ url: response.url(), bytes: responseBodySize });
    });
    const check = await create();
    await page.goto(`${check.url}?lang=de`);
    await page.waitForSelector('[data-action="primary"]:visible');
    const before = scripts.filter(({ url }) => url.endsWith('.js'));
    expect(before.length).toBeGreaterThanOrEqual(2);
    expect(before.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(FIRST_SCREEN_BYTES);
    expect(scripts.filter(({ url }) => /wasm|onnx/.test(url))).toEqual([]);

    await primary(page);
    await state(page, 'ready');
    const wasm = await eventually(
      () => {
        const found = scripts.find(({ url }) => url.endsWith('.wasm'));
        if (!found) throw new Error('no WebAssembly yet');
        return found;
      },
      { withinMs: 20_000 },
    );
    expect(wasm.bytes).toBeLessThan(4_000_000);
    const response = await fetch(wasm.url, { headers: { 'accept-encoding': 'br' } });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('application/wasm');
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    const plain = await fetch(wasm.url, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(troubles).toEqual([]);
  });

  it('says what to change, and takes the pictures by itself when nothing is left to say', async () => {
    const { page, troubles } = await openPage(still(face));
    const check = await create({ challenge: 'none' });
    await untilReady(page, check.url);
    await page.waitForSelector('[data-hint="good"]', { timeout: 40_000 });
    await state(page, 'done');
    const { result } = (await backend.untilDone(check.token)).body;
    expect(result.passed).toBe(true);
    // What this browser is, it does not hide: a canvas for a camera, and a program for a person.
    expect(result.risk_signals).toEqual(['SYNTHETIC_TRACK', 'AUTOMATED_BROWSER']);
    expect(troubles).toEqual([]);
  });

  it('asks for a face where there is none, and takes no pictures', async () => {
    const { page } = await openPage(still(await emptyRoom()));
    await untilReady(page, (await create()).url);
    await page.waitForSelector('[data-hint="find"]', { timeout: 40_000 });
    expect(await page.textContent('.hint')).toContain('oval');
    expect(await page.getAttribute('body', 'data-state')).toBe('ready');
  });

  it('works without its detector', async () => {
    const { page } = await openPage(still(face));
    await withoutDetector(page);
    const check = await create({ challenge: 'none' });
    await untilReady(page, check.url);
    await primary(page);
    await state(page, 'done');
    expect((await backend.untilDone(check.token)).body.result.passed).toBe(true);
  });

  it('is gone through by keyboard alone, each screen read out from its title on', async () => {
    const { page } = await openPage(still(face));
    await withoutDetector(page);
    await page.goto((await create({ challenge: 'none' })).url);
    await page.waitForSelector('[data-action="primary"]:visible');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-action'))).toBe('primary');
    await page.keyboard.press('Enter');
    await state(page, 'ready');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await state(page, 'done');
  });

  it.skipIf(!head)(
    'reads the prompts out once it is asked to, each ending the one before, and no screen reader twice',
    async () => {
      const { page } = await openPage(head as TurningHead);
      await withoutDetector(page);
      await installVoice(page);
      const check = await create({ challenge: 'turn' });
      await untilReady(page, check.url);
      const speaker = page.locator('.speaker');
      expect(await speaker.getAttribute('aria-pressed')).toBe('false');
      const spoken = () => page.evaluate(() => window.spoken.filter((text) => text !== ''));
      expect(await spoken()).toEqual([]);
      await speaker.focus();
      await page.keyboard.press('Space');
      expect(await speaker.getAttribute('aria-pressed')).toBe('true');
      expect(await spoken()).toEqual(['Hold the camera at eye level, in even light.']);
      for (const region of ['.announcer', '.hint', '.words']) {
        expect(await page.getAttribute(region, 'aria-live')).toBe('off');
      }
      await primary(page);
      await page.waitForSelector('body:is([data-prompt="left"], [data-prompt="right"])', { timeout: 60_000 });
      const side = (await page.getAttribute('body', 'data-prompt')) as string;
      expect(await spoken()).toEqual(expect.arrayContaining(['Look at the camera', `Turn your head ${side}`]));
      const all = await page.evaluate(() => window.spoken);
      for (const [at, text] of all.entries()) if (text !== '') expect([text, all[at - 1]]).toEqual([text, '']);
      await page.reload();
      await page.waitForSelector('.speaker[aria-pressed="true"]');
    },
  );

  it('offers no voice where the browser has none', async () => {
    const { page, troubles } = await openPage(still(face));
    await withoutDetector(page);
    await untilReady(page, (await create({ challenge: 'none' })).url);
    expect(await page.locator('.speaker').isVisible()).toBe(false);
    expect(troubles).toEqual([]);
  });

  it('goes on after a connection that was lost in the middle', async () => {
    const { page } = await openPage(still(face));
    await withoutDetector(page);
    const check = await create({ challenge: 'none' });
    await untilReady(page, check.url);
    await primary(page);
    await state(page, 'capturing');
    await page.context().setOffline(true);
    await page.waitForSelector('.offline:not(:empty)');
    expect(await page.textContent('.offline')).toContain('offline');
    // Longer than the first tries take: what helps is that there is a connection again.
    await page.waitForTimeout(3_000);
    await page.context().setOffline(false);
    await state(page, 'done');
    expect((await backend.untilDone(check.token)).body.result.passed).toBe(true);
  });

  it('shows how much has arrived when the link is slow', async () => {
    const { page } = await openPage(still(face));
    await withoutDetector(page);
    await page.route('**/frames/*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      await route.continue();
    });
    await untilReady(page, (await create({ challenge: 'none' })).url);
    await primary(page);
    await state(page, 'sending');
    const bar = page.locator('.upload');
    await bar.waitFor({ state: 'visible' });
    const early = await bar.evaluate((element: HTMLProgressElement) => element.value);
    await page.screenshot({ path: join(repositoryRoot, 'test/e2e/.artifacts/upload.png') });
    await page.waitForFunction((before) => (document.querySelector('progress')?.value ?? 0) > before, early);
    expect(early).toBeLessThan(1);
    // Not read out at every frame: the words stay as they are until it is slow.
    expect(await page.textContent('.words')).toBe('This takes a few seconds. The camera is off.');
    await state(page, 'done');
    expect(await bar.isVisible()).toBe(false);
  });

  it.skipIf(!head)('goes on after a reload in the middle of the moves, without asking for consent again', async () => {
    const { page } = await openPage(head as TurningHead);
    const check = await create({ challenge: 'turn' });
    await untilReady(page, check.url);
    await page.waitForSelector('body:is([data-prompt="left"], [data-prompt="right"])', { timeout: 60_000 });
    await page.reload();
    await state(page, 'ready');
    // What had begun counts as an attempt; the next one is a new sequence, and begins when the person asks for it.
    await page.waitForSelector('[data-state="ready"] .words.notice', { timeout: 60_000 });
    await primary(page);
    await state(page, 'done');
    expect((await backend.untilDone(check.token)).body.result).toMatchObject({ passed: true });
    const { rows } = await stack.db.query('select attempt from checks where token = $1', [check.token]);
    expect(rows[0].attempt).toBe(2);
  });

  it('helps a person whose camera was blocked, and goes on when they have allowed it', async () => {
    const { page } = await openPage(still(face));
    await withoutDetector(page);
    await page.addInitScript(() => {
      const real = navigator.mediaDevices.getUserMedia;
      let isFirst = true;
      navigator.mediaDevices.getUserMedia = (wish) => {
        if (!isFirst) return real(wish);
        isFirst = false;
        return Promise.reject(new DOMException('no', 'NotAllowedError'));
      };
    });
    const check = await create({ challenge: 'none' });
    await page.goto(check.url);
    await primary(page);
    await state(page, 'failed');
    expect(await page.textContent('h1')).toContain('blocked');
    await primary(page);
    await state(page, 'ready');
    await primary(page);
    await state(page, 'done');
  });

  it('offers the cameras there are, uses the one that is chosen, and remembers it', async () => {
    const { page } = await openPage(still(face));
    await withoutDetector(page);
    await page.addInitScript(() => {
      const real = navigator.mediaDevices.getUserMedia;
      const asked: string[] = [];
      Object.assign(window, { asked });
      navigator.mediaDevices.getUserMedia = (wish) => {
        asked.push(JSON.stringify(wish?.video));
        return real(wish);
      };
      const camera = (deviceId: string, label: string) => ({
        deviceId,
        label,
        kind: 'videoinput',
        groupId: '',
        toJSON: () => ({}),
      });
      navigator.mediaDevices.enumerateDevices = async () =>
        [camera('one', 'Front'), camera('two', '')] as MediaDeviceInfo[];
    });
    await untilReady(page, (await create({ challenge: 'none' })).url);
    await page.selectOption('#camera', { label: 'Camera 2' });
    const asked = () => page.evaluate(() => (window as unknown as { asked: string[] }).asked);
    await eventually(async () => (await asked()).some((wish) => wish.includes('"exact":"two"')));
    // Not before it has shown a picture.
    await eventually(() => page.evaluate(() => Object.values(localStorage).includes('two')));
    await page.reload();
    await primary(page);
    await state(page, 'ready');
    expect((await asked())[0]).toContain('"exact":"two"');
  });

  it.each([
    ['two people', 'MULTIPLE_FACES', 'only you', twoPeople],
    ['a face in the dark', 'TOO_DARK', 'light', darkFace],
    ['an empty room', 'NO_FACE', 'oval', emptyRoom],
  ] as const)('says what was wrong with %s, and for which try', async (_name, reason, words, picture) => {
    const { page } = await openPage(still(await picture()));
    await withoutDetector(page);
    const check = await create({ challenge: 'none' });
    await untilReady(page, check.url);
    await primary(page);
    await page.waitForSelector('.words.notice', { timeout: 40_000 });
    const said = await page.textContent('.words');
    expect(said).toContain(words);
    expect(said).toContain('Try 2 of 3');
    const { rows } = await stack.db.query('select attempt_reason from checks where token = $1', [check.token]);
    expect(rows[0].attempt_reason).toBe(reason);
  });

  it('says in another browser that the check goes on in the first', async () => {
    const check = await create({ challenge: 'none' });
    const first = await openPage(still(face));
    await withoutDetector(first.page);
    await untilReady(first.page, check.url);
    await primary(first.page);
    await state(first.page, 'capturing');
    const second = await openPage(still(face));
    await second.page.goto(check.url);
    await state(second.page, 'failed');
    expect(await second.page.textContent('h1')).toContain('another browser');
    await state(first.page, 'done');
  });

  it('sends a person who cannot turn their head back, unless the client lets the check go on without', async () => {
    const referred = await create({ challenge: 'turn' });
    const { page } = await openPage(still(face));
    await withoutDetector(page);
    await untilReady(page, referred.url);
    const left = page.waitForRequest((request) => request.url().startsWith('http://127.0.0.1:9/back'));
    await page.click('[data-action="extra"]');
    expect((await left).url()).toBe(`http://127.0.0.1:9/back?lc_token=${referred.token}&error=cancelled`);
    expect((await backend.get(referred.token)).status).toBe(202);

    await stack.db.query("update clients set turn_alternative = 'still'");
    const check = await create({ challenge: 'turn' });
    const other = await openPage(still(face));
    await withoutDetector(other.page);
    await untilReady(other.page, check.url);
    await other.page.click('[data-action="extra"]');
    await state(other.page, 'ready');
    await primary(other.page);
    await state(other.page, 'done');
    expect((await backend.untilDone(check.token)).body.result).toMatchObject({ passed: true, challenge: 'declined' });
  });
});
