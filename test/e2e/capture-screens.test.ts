/**
 * How every screen looks and reads, without a check behind it: the server's answers are held here, so that each screen
 * stays for as long as it is looked at. What the screens do is tested with the real server in the other capture tests.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startApi } from '@livegate/test-kit/api';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';

const tools = browserTools();
const ARTIFACTS = join(repositoryRoot, 'test/e2e/.artifacts/screens');
const LOCALES = ['en', 'ar', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'pt', 'tr'];

const OPEN = {
  state: 'open',
  attempt: 1,
  attempts_allowed: 3,
  reason: null,
  words: null,
  redirect_url: null,
  frames: { count: 8, interval_ms: 250, min_width: 640, min_height: 480 },
  client_name: 'Example Bank',
  challenge: 'turn',
  consented: true,
  elsewhere: false,
  detector_url: null,
};
const step = (prompt: string) => ({ step: 1, of: 4, prompt, nonce: 'n', state: 'open', frame_interval_ms: 200 });

/** What the server says on each screen, and what the person does to get there. */
type Shot = {
  status?: object | number;
  start?: object;
  /** The code with which the start is refused. */
  refused?: string;
  camera?: 'denied' | 'silent' | 'busy' | 'missing';
  offline?: boolean;
  press?: boolean;
  shows: string;
};
const SHOTS: Record<string, Shot> = {
  consent: { status: { ...OPEN, consented: false }, shows: '[data-state="consent"]' },
  permission: { status: OPEN, camera: 'silent', shows: '[data-state="permission"]' },
  ready: { status: OPEN, shows: '[data-state="ready"]' },
  'ready-again': {
    status: { ...OPEN, state: 'retry', attempt: 2, reason: 'LOW_RESOLUTION', words: 'x' },
    shows: '[data-state="ready"]',
  },
  'ready-offline': { status: OPEN, offline: true, shows: '[data-state="ready"]' },
  'turn-left': { status: OPEN, press: true, start: step('left'), shows: '[data-prompt="left"]' },
  'turn-right': { status: OPEN, press: true, start: step('right'), shows: '[data-prompt="right"]' },
  'turn-center': { status: OPEN, press: true, start: step('center'), shows: '[data-prompt="center"]' },
  sending: { status: { ...OPEN, state: 'processing' }, shows: '[data-state="sending"]' },
  done: { status: { ...OPEN, state: 'done' }, shows: '[data-state="done"]' },
  'failed-denied': { status: OPEN, camera: 'denied', shows: '[data-state="failed"]' },
  'failed-busy': { status: OPEN, camera: 'busy', shows: '[data-state="failed"]' },
  'failed-missing': { status: OPEN, camera: 'missing', shows: '[data-state="failed"]' },
  'failed-expired': { status: { ...OPEN, state: 'expired' }, shows: '[data-state="failed"]' },
  'failed-over': {
    status: { ...OPEN, state: 'failed', redirect_url: 'https://example.com/' },
    shows: '[data-state="failed"]',
  },
  'failed-locked': { status: OPEN, press: true, refused: 'too_many_failures', shows: '[data-state="failed"]' },
  'failed-unknown': { status: 404, shows: '[data-state="failed"]' },
  'failed-elsewhere': { status: { ...OPEN, elsewhere: true }, shows: '[data-state="failed"]' },
};

const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} satisfies Record<string, BrowserContextOptions>;
const SMALL = { phone: { width: 320, height: 480 }, sideways: { width: 640, height: 300 } };

describe.skipIf(!tools)('every screen of the capture page', async () => {
  const api = await startApi();
  const backend = integrator(api);
  const browser = await openBrowser(tools as NonNullable<typeof tools>, await genuineFace());
  const link = (await backend.create()).url;
  beforeAll(() => mkdir(ARTIFACTS, { recursive: true }));

  async function open(
    name: string,
    { lang = 'en', ...context }: BrowserContextOptions & { lang?: string },
  ): Promise<Page> {
    const shot = SHOTS[name] as Shot;
    const page = await (await browser.newContext(context)).newPage();
    if (shot.camera) await page.addInitScript(refuseCamera, shot.camera);
    await page.route('**/status', (route) =>
      typeof shot.status === 'number'
        ? route.fulfill({ status: shot.status, json: {} })
        : route.fulfill({ json: shot.status }),
    );
    const challenge = shot.start ?? null;
    await page.route('**/start', (route) =>
      shot.refused
        ? route.fulfill({ status: 429, json: { code: shot.refused } })
        : route.fulfill({ json: { session: 's', attempt: 1, frames: OPEN.frames, challenge } }),
    );
    await page.route('**/frames/*', (route) => route.fulfill({ json: { challenge } }));
    await page.goto(`${link}?lang=${lang}`);
    if (shot.press) await page.click('[data-state="ready"] [data-action="primary"]');
    await page.waitForSelector(shot.shows, { timeout: 20_000 });
    if (shot.offline) await page.context().setOffline(true);
    // The first picture of the camera, and the last of what moves.
    await page.waitForTimeout(shot.shows.includes('ready') || shot.press ? 400 : 100);
    return page;
  }

  describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
    it.each(Object.keys(SHOTS))('%s: no fault that axe knows, on a phone and on a desktop', async (name) => {
      for (const [device, options] of Object.entries(DEVICES)) {
        const page = await open(name, { ...options, colorScheme });
        await page.screenshot({ path: join(ARTIFACTS, `${name}-${device}-${colorScheme}.png`) });
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() =>
          (window as unknown as { axe: typeof axe }).axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          }),
        );
        const faults = violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [
          id,
          ...nodes.map((node) => node.html),
        ]);
        expect([device, ...faults]).toEqual([device]);
        await page.context().close();
      }
    });
  });

  it.each(Object.keys(SHOTS))('%s: from right to left', async (name) => {
    const page = await open(name, { ...DEVICES.phone, lang: 'ar' });
    expect(await page.getAttribute('html', 'dir')).toBe('rtl');
    expect(await page.getAttribute('html', 'lang')).toBe('ar');
    await page.screenshot({ path: join(ARTIFACTS, `${name}-phone-rtl.png`) });
    // The arrow points to a side of the mirror, not to one of the text.
    if (name.startsWith('turn-') && name !== 'turn-center') {
      const [arrow, stage] = await Promise.all(['.arrow', '.stage'].map((part) => page.locator(part).boundingBox()));
      const isLeft = (arrow?.x ?? 0) < (stage?.x ?? 0) + (stage?.width ?? 0) / 2;
      expect(isLeft).toBe(name === 'turn-left');
    }
    await page.context().close();
  });

  it.each(LOCALES)('in %s nothing is wider than the smallest screens, and everything can be reached', async (lang) => {
    for (const [size, viewport] of Object.entries(SMALL)) {
      for (const name of ['consent', 'ready-again', 'failed-denied', 'turn-left']) {
        const page = await open(name, { viewport, isMobile: true, hasTouch: true, lang });
        if (lang === 'en') await page.screenshot({ path: join(ARTIFACTS, `small-${name}-${size}.png`) });
        const wide = await page.evaluate(() =>
          [...document.querySelectorAll('body *')]
            .filter((element) => !element.closest('svg, .announcer') && element.getClientRects().length > 0)
            .filter((element) => {
              const { left, right } = element.getBoundingClientRect();
              return left < -1 || right > innerWidth + 1;
            })
            .map((element) => element.outerHTML.slice(0, 80)),
        );
        expect([size, name, ...wide]).toEqual([size, name]);
        // The control that goes on is in sight without scrolling, and no control is smaller than a fingertip.
        for (const control of await page.locator('.button:visible').all()) {
          const box = await control.boundingBox();
          expect([size, name, (box?.height ?? 0) >= 44]).toEqual([size, name, true]);
          const isFirst = (await control.getAttribute('data-action')) === 'primary';
          const below = Math.round((box?.y ?? 0) + (box?.height ?? 0)) - viewport.height;
          if (isFirst) expect([size, name, below <= 0]).toEqual([size, name, true]);
        }
        await page.context().close();
      }
    }
  });

  it('has words at twice their size without losing any', async () => {
    for (const name of ['consent', 'ready-again', 'failed-denied']) {
      const page = await open(name, { viewport: { width: 390, height: 844 } });
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
      });
      const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      await page.screenshot({ path: join(ARTIFACTS, `zoom-${name}.png`), fullPage: true });
      expect([name, fits]).toEqual([name, true]);
      await page.context().close();
    }
  });
});

/** Runs in the page: a camera that cannot be had. */
function refuseCamera(how: NonNullable<Shot['camera']>): void {
  const names = { denied: 'NotAllowedError', busy: 'NotReadableError', missing: 'NotFoundError' } as const;
  navigator.mediaDevices.getUserMedia = () =>
    how === 'silent' ? new Promise(() => {}) : Promise.reject(new DOMException('refused', names[how]));
}
