/**
 * What the page does when something comes between: the server's answers are held or changed here, so that each comes at its
 * worst moment. The detector and the browser's camera are real.
 */
import { startApi } from '@livegate/test-kit/api';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';

const tools = browserTools();
const STEP = { step: 1, of: 4, prompt: 'left', nonce: 'n', state: 'open', frame_interval_ms: 200 };
const FRAMES = { count: 8, interval_ms: 250, min_width: 640, min_height: 480 };
type OpenOptions = { status?: object; hasDetector?: boolean; before?: (page: Page) => Promise<unknown> };

/** Longer than anything that could still happen by itself takes. */
const A_WHILE_MS = 3_500;

describe.skipIf(!tools)('the capture page when something comes between', async () => {
  const api = await startApi();
  const backend = integrator(api);
  const browser = await openBrowser(tools as NonNullable<typeof tools>, await genuineFace());
  const create = () => backend.create({ challenge: 'turn', return_url: 'http://127.0.0.1:9/back' });

  /** Before the person presses anything. Without a detector nothing starts by itself. */
  async function open({ status = {}, hasDetector = false, before }: OpenOptions = {}) {
    const page = await (await browser.newContext({ viewport: { width: 390, height: 780 } })).newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.route('**/status', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), consented: true, ...status } });
    });
    if (!hasDetector) await page.route('**/detector-*', (route) => route.abort());
    await before?.(page);
    await page.goto((await create()).url);
    return { page, errors };
  }
  const state = (page: Page, name: string) => page.waitForSelector(`body[data-state="${name}"]`, { timeout: 30_000 });
  const press = (page: Page, action: string) => page.click(`[data-action="${action}"]:visible`);
  const stateOf = (page: Page) => page.getAttribute('body', 'data-state');
  const hide = (page: Page) =>
    page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
  const show = (page: Page) =>
    page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true }));
  /** Starts and frames are answered by the test. */
  async function answerCaptures(page: Page, challenge: typeof STEP | null) {
    const calls = { starts: 0, frames: 0 };
    await page.route('**/start', (route) => {
      calls.starts++;
      return route.fulfill({ json: { session: 's', attempt: 1, frames: FRAMES, challenge } });
    });
    await page.route('**/frames/*', (route) => {
      calls.frames++;
      return challenge ? route.fulfill({ json: { challenge } }) : route.fulfill({ status: 204 });
    });
    return calls;
  }
  /** Holds what is asked of this path until the test lets it go. */
  async function hold(page: Page, path: string) {
    const held: Route[] = [];
    await page.route(path, (route) => void held.push(route));
    return () =>
      eventually(() => {
        const route = held.shift();
        if (!route) throw new Error(`nothing was asked of ${path} yet`);
        return route;
      });
  }

  describe('interrupted', () => {
    it.each([
      ['with a challenge', STEP],
      ['without one', null],
    ])('shows what interrupted it, whatever a start that was under way answers then, %s', async (_name, challenge) => {
      const { page, errors } = await open();
      const started = await hold(page, '**/start');
      await state(page, 'ready');
      await press(page, 'primary');
      const start = await started();
      await hide(page);
      await state(page, 'failed');
      await start.fulfill({ json: { session: 's', attempt: 1, frames: FRAMES, challenge } });
      await page.waitForTimeout(500);
      expect(await page.textContent('h1')).toBe('You left this page');
      expect(await stateOf(page)).toBe('failed');
      expect(await page.getAttribute('body', 'data-prompt')).toBeNull();
      await show(page);
      await press(page, 'primary');
      await state(page, 'ready');
      expect(errors).toEqual([]);
    });

    it('does not ask for a start again', async () => {
      const { page } = await open();
      let starts = 0;
      await page.route('**/start', async (route) => {
        starts++;
        await hide(page);
        await route.fulfill({ status: 500, json: {} });
      });
      await state(page, 'ready');
      await press(page, 'primary');
      await state(page, 'failed');
      await page.waitForTimeout(A_WHILE_MS);
      expect(starts).toBe(1);
    });

    it('watches no longer, and says nothing over the trouble', async () => {
      const { page } = await open({
        hasDetector: true,
        status: { state: 'retry', reason: 'NO_FACE', words: 'x', attempt: 2 },
        before: (page) =>
          page.addInitScript(() => {
            const real = CanvasRenderingContext2D.prototype.getImageData;
            Object.assign(window, { looks: 0 });
            CanvasRenderingContext2D.prototype.getImageData = function (...args) {
              (window as unknown as { looks: number }).looks++;
              return real.apply(this, args);
            };
          }),
      });
      const looks = () => page.evaluate(() => (window as unknown as { looks: number }).looks);
      await page.waitForSelector('[data-hint="good"]', { timeout: 40_000 });
      await hide(page);
      await state(page, 'failed');
      // The look that was under way.
      await page.waitForTimeout(1_000);
      const before = await looks();
      await page.waitForTimeout(A_WHILE_MS);
      expect(await looks()).toBe(before);
      expect(await page.textContent('.hint')).toBe('');
    });
  });

  describe('where pictures are taken by themselves', () => {
    it('takes none after a try that did not count, until the person asks for it', async () => {
      const { page } = await open({
        hasDetector: true,
        status: { state: 'retry', reason: 'CHALLENGE_NOT_FOLLOWED', words: 'x', attempt: 2 },
      });
      const calls = await answerCaptures(page, STEP);
      await page.waitForSelector('[data-hint="good"]', { timeout: 40_000 });
      await page.waitForTimeout(A_WHILE_MS);
      expect(await stateOf(page)).toBe('ready');
      expect(calls.starts).toBe(0);
      await press(page, 'primary');
      await page.waitForSelector('[data-prompt="left"]');
    });

    it('takes none while somebody is at a control by keyboard, and some once they have left it', async () => {
      const { page } = await open({ hasDetector: true });
      const calls = await answerCaptures(page, STEP);
      await state(page, 'ready');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-action'))).toBe('secondary');
      await page.waitForSelector('[data-hint="good"]', { timeout: 40_000 });
      await page.waitForTimeout(A_WHILE_MS);
      expect(calls.starts).toBe(0);
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.waitForSelector('[data-prompt="left"]', { timeout: 30_000 });
    });
  });

  describe('while pictures are taken', () => {
    const isCameraOn = (page: Page) =>
      page.evaluate(() => document.querySelector<HTMLVideoElement>('.preview')?.srcObject !== null);

    it('can be cancelled: the camera goes off, nothing more is sent, and the person is back', async () => {
      const { page, errors } = await open();
      const calls = await answerCaptures(page, STEP);
      const left = await hold(page, 'http://127.0.0.1:9/**');
      await state(page, 'ready');
      await press(page, 'primary');
      await page.waitForSelector('[data-prompt="left"]');
      await eventually(() => expect(calls.frames).toBeGreaterThan(1));
      await press(page, 'secondary');
      const going = await left();
      expect(going.request().url()).toContain('error=cancelled');
      const { frames } = calls;
      await going.abort();
      await page.waitForTimeout(1_000);
      // One may have been on its way.
      expect(calls.frames).toBeLessThanOrEqual(frames + 1);
      expect(errors).toEqual([]);
    });

    it('can be cancelled before the server has answered', async () => {
      const { page } = await open();
      const started = await hold(page, '**/start');
      const left = await hold(page, 'http://127.0.0.1:9/**');
      await state(page, 'ready');
      await press(page, 'primary');
      await started();
      await state(page, 'capturing');
      await press(page, 'secondary');
      expect((await left()).request().url()).toContain('error=cancelled');
    });

    it('can be left by who cannot turn their head, and goes on without turning where the client lets it', async () => {
      const { page } = await open();
      const calls = await answerCaptures(page, STEP);
      await page.route('**/alternative', (route) => route.fulfill({ json: { continues: true, redirect_url: null } }));
      await state(page, 'ready');
      await press(page, 'primary');
      await page.waitForSelector('[data-prompt="left"]');
      await press(page, 'extra');
      await state(page, 'ready');
      expect(await page.getAttribute('body', 'data-prompt')).toBeNull();
      expect(await isCameraOn(page)).toBe(true);
      const { frames } = calls;
      await page.waitForTimeout(1_000);
      expect(calls.frames).toBeLessThanOrEqual(frames + 1);
    });
  });

  describe('what was chosen', () => {
    it('rests the controls at once and says that it is under way', async () => {
      const { page } = await open();
      const abandoned = await hold(page, '**/abandon');
      await state(page, 'ready');
      await press(page, 'secondary');
      const [primary, secondary] = ['primary', 'secondary'].map((name) => page.locator(`[data-action="${name}"]`));
      for (const control of [primary, secondary]) expect(await control?.getAttribute('aria-disabled')).toBe('true');
      expect(await secondary?.textContent()).toBe('One moment');
      // It keeps the focus of who pressed it by keyboard.
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-action'))).toBe('secondary');
      await (await abandoned()).fulfill({ json: { redirect_url: null } });
      await state(page, 'failed');
      expect(await page.locator('[aria-disabled]').count()).toBe(0);
    });

    it('takes people to the title again when it comes to the same screen', async () => {
      const { page } = await open({
        before: (page) =>
          page.route('**/status', (route) => route.fulfill({ status: 404, json: { code: 'too_many_failures' } })),
      });
      await state(page, 'failed');
      await page.focus('[data-action="primary"]');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.tagName === 'H1', null, { timeout: 20_000 });
      expect(await stateOf(page)).toBe('failed');
    });
  });

  describe('with cameras that fail', () => {
    /** Runs in the page: these cameras, of which some cannot be opened; what was opened is written down. */
    const useCameras = ({ busy, silent = [], all }: { busy: string[]; silent?: string[]; all: string[] }) => {
      const { mediaDevices } = navigator;
      const real = mediaDevices.getUserMedia.bind(mediaDevices);
      const asked: string[] = [];
      Object.assign(window, { asked });
      mediaDevices.enumerateDevices = async () =>
        all.map((deviceId) => ({ deviceId, label: deviceId, kind: 'videoinput', groupId: '', toJSON: () => ({}) }));
      mediaDevices.getUserMedia = async (wish) => {
        const { deviceId } = (wish as { video: { deviceId?: { exact: string } } }).video;
        asked.push(deviceId?.exact ?? 'any');
        if (busy.includes(asked.at(-1) as string)) throw new DOMException('in use', 'NotReadableError');
        // One without a track never shows a picture.
        return silent.includes(asked.at(-1) as string) ? new MediaStream() : real({ video: true });
      };
    };
    const asked = (page: Page) => page.evaluate(() => (window as unknown as { asked: string[] }).asked);
    const remembered = (page: Page) => page.evaluate(() => localStorage.getItem('livegate-camera'));

    it.each(['busy', 'silent'])('passes over one that it remembers but that is %s, and forgets it', async (how) => {
      const { page } = await open({
        before: async (page) => {
          await page.addInitScript(() => localStorage.setItem('livegate-camera', 'broken'));
          await page.addInitScript(useCameras, { busy: [], [how]: ['broken'], all: ['broken', 'good'] });
        },
      });
      await state(page, 'ready');
      expect(await asked(page)).toEqual(['broken', 'any']);
      expect(await remembered(page)).toBeNull();
    });

    it('offers the others when one is in use, and remembers the one that has shown a picture', async () => {
      const { page } = await open({
        before: (page) => page.addInitScript(useCameras, { busy: ['any', 'broken'], all: ['broken', 'good'] }),
      });
      await state(page, 'failed');
      expect(await page.textContent('h1')).toBe('The camera is in use');
      await page.selectOption('#camera', 'broken');
      await page.waitForFunction(() => (window as unknown as { asked: string[] }).asked.includes('broken'));
      await page.waitForSelector('#camera:not(:disabled)');
      await state(page, 'failed');
      expect(await remembered(page)).toBeNull();
      await page.selectOption('#camera', 'good');
      await state(page, 'ready');
      expect(await remembered(page)).toBe('good');
    });

    it('takes a track that stays muted for a camera that stopped', async () => {
      const { page } = await open();
      await state(page, 'ready');
      await page.evaluate(() => {
        const stream = document.querySelector<HTMLVideoElement>('.preview')?.srcObject as MediaStream;
        const [track] = stream.getVideoTracks();
        Object.defineProperty(track, 'muted', { value: true });
        track?.dispatchEvent(new Event('mute'));
      });
      await state(page, 'failed');
      expect(await page.textContent('h1')).toBe('The camera stopped');
    });
  });

  it('waits as long as the server may take, tells the site around it of no end, and goes on when another try is wanted', async () => {
    const context = await browser.newContext();
    await context.clock.install();
    const page = await context.newPage();
    let state = 'processing';
    const polls = { asked: 0, answered: 0 };
    const pass = async () => {
      await page.clock.runFor(3_000);
      // Or the calls would run out of a time that passes in no time.
      await eventually(() => expect(polls.answered).toBe(polls.asked));
    };
    await context.route('**/c/*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { 'content-type': 'text/html' } });
    });
    await context.route('**/c/*/status', async (route) => {
      polls.asked++;
      const response = await route.fetch();
      const changed = { state, consented: true, frame_origins: [api.url] };
      await route.fulfill({ json: { ...(await response.json()), ...changed } });
      polls.answered++;
    });
    const { url } = await create();
    const site = `<script>
      window.heard = [];
      addEventListener('message', ({ data }) => heard.push(data.step ?? data.type));
    </script><iframe allow="camera" src="${url}"
      onload="contentWindow.postMessage({ source: 'livegate', version: 1, type: 'hello' }, '*')"></iframe>`;
    await page.route('**/shop', (route) => route.fulfill({ contentType: 'text/html', body: site }));
    await page.goto(`${api.url}/shop`);
    const frame = page.frameLocator('iframe');
    await frame.locator('body[data-state="sending"]').waitFor();
    const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    await eventually(async () => expect(await heard()).toEqual(['ready', 'sending']));
    // Two minutes and a half, poll by poll.
    for (let passed = 0; passed < 150; passed += 3) {
      expect(await frame.locator('h1').textContent()).toBe('Checking');
      await pass();
    }
    const still = frame.getByText('We are still working on it');
    await eventually(async () => {
      await pass();
      expect(await still.count()).toBe(1);
    });
    expect(await heard()).toEqual(['ready', 'sending']);
    state = 'retry';
    await eventually(async () => {
      await pass();
      expect(await heard()).toContain('permission');
    });
  });

  describe('when a part of it cannot be had', () => {
    it('loads itself again, once, and then speaks English', async () => {
      const page = await browser.newPage();
      let loads = 0;
      page.on('load', () => loads++);
      await page.route('**/capture-assets/de-*', (route) => route.fulfill({ status: 404 }));
      await page.goto(`${(await create()).url}?lang=de`);
      await page.waitForSelector('html[lang="en"] [data-action="primary"]:visible');
      await eventually(() => expect(loads).toBe(2));
      await page.waitForTimeout(1_000);
      expect(loads).toBe(2);
    });

    it('speaks English when the words of another language do not come', async () => {
      const page = await browser.newPage();
      await page.route('**/capture-assets/de-*', () => {});
      await page.goto(`${(await create()).url}?lang=de`);
      await page.waitForSelector('html[lang="en"] [data-action="primary"]:visible', { timeout: 20_000 });
    });
  });
});
