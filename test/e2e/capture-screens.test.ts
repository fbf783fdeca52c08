/**
 * How every screen looks and reads, without a check behind it: the server's answers are held here, so that each screen
 * stays for as long as it is looked at. What the screens do is tested with the real server in the other capture tests.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setClientPage, setLogo } from '@livegate/db/client-page';
import { type ChosenColours, contrastFaults, paletteOf, THEMES } from '@livegate/domain/brand-colours';
import { encodeLogo } from '@livegate/inference/encode-logo';
import { startApi } from '@livegate/test-kit/api';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { wordmark } from '@livegate/test-kit/pictures';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { installVoice } from '@livegate/test-kit/spoken-voice';
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
  can_hand_off: true,
  handoff: null as string | null,
  logo_url: null as string | null,
  dark_logo_url: null as string | null,
  frame_origins: [],
};
// As long as real ones: a code is as coarse as its text is short.
const OFFERED = `https://liveness.example-bank.com/c/${'k'.repeat(43)}#handoff=${'t'.repeat(22)}`;
const step = (prompt: string) => ({ step: 1, of: 4, prompt, nonce: 'n', state: 'open', frame_interval_ms: 200 });

/** What the server says on each screen, and what the person does to get there. */
type Shot = {
  status?: object | number;
  start?: object;
  /** The start is not answered. */
  isHeld?: boolean;
  /** The code with which the start is refused. */
  refused?: string;
  camera?: 'denied' | 'silent' | 'busy' | 'missing';
  offline?: boolean;
  press?: boolean;
  phone?: boolean;
  hash?: string;
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
  starting: { status: OPEN, press: true, isHeld: true, shows: '[data-state="capturing"]' },
  'turn-left': { status: OPEN, press: true, start: step('left'), shows: '[data-prompt="left"]' },
  'turn-right': { status: OPEN, press: true, start: step('right'), shows: '[data-prompt="right"]' },
  'turn-center': { status: OPEN, press: true, start: step('center'), shows: '[data-prompt="center"]' },
  sending: { status: { ...OPEN, state: 'processing' }, shows: '[data-state="sending"]' },
  done: { status: { ...OPEN, state: 'done' }, shows: '[data-state="done"]' },
  'failed-denied': { status: OPEN, camera: 'denied', shows: '[data-state="failed"]' },
  'failed-busy': { status: OPEN, camera: 'busy', shows: '[data-state="failed"] #camera' },
  'failed-missing': { status: OPEN, camera: 'missing', shows: '[data-state="failed"]' },
  'failed-expired': { status: { ...OPEN, state: 'expired' }, shows: '[data-state="failed"]' },
  'failed-over': {
    status: { ...OPEN, state: 'failed', redirect_url: 'https://example.com/' },
    shows: '[data-state="failed"]',
  },
  'failed-locked': { status: OPEN, press: true, refused: 'too_many_failures', shows: '[data-state="failed"]' },
  'failed-unknown': { status: 404, shows: '[data-state="failed"]' },
  // On a phone, too: a camera that is missing is a reason anywhere.
  'handoff-waiting': { status: OPEN, camera: 'missing', phone: true, shows: '[data-state="handoff"] .code svg' },
  'handoff-taken': { status: { ...OPEN, handoff: 'taken' }, shows: '[data-state="handoff"]' },
  'handoff-here': { status: { ...OPEN, state: 'done', handoff: 'here' }, shows: '[data-state="done"]' },
  'failed-handoff': { status: OPEN, hash: '#handoff=used', shows: '[data-state="failed"]' },
  'failed-elsewhere': { status: { ...OPEN, elsewhere: true }, shows: '[data-state="failed"]' },
};

const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} satisfies Record<string, BrowserContextOptions>;
type OpenOptions = BrowserContextOptions & { lang?: string; brand?: object; voice?: { isOn?: boolean; lang?: string } };

/** What a client may look like: each theme's colours pass the guard, and none is ours. */
const BRAND: ChosenColours = {
  light: { accent: '#8a1c4a', page: '#f7eef1', ink: '#2b1620' },
  dark: { accent: '#f2a0c0', card: '#25161c', page: '#170d11' },
};
const BRAND_SEEN = {
  light: ['rgb(138, 28, 74)', 'rgb(247, 238, 241)'],
  dark: ['rgb(242, 160, 192)', 'rgb(23, 13, 17)'],
};
const BRANDED_SHOTS: Record<string, (keyof typeof DEVICES)[]> = {
  consent: ['phone', 'desktop'],
  'ready-again': ['phone'],
  'turn-left': ['phone'],
  'failed-denied': ['phone'],
};
const SMALL = { phone: { width: 320, height: 480 }, sideways: { width: 640, height: 300 } };

describe.skipIf(!tools)('every screen of the capture page', async () => {
  const api = await startApi();
  const backend = integrator(api);
  const browser = await openBrowser(tools as NonNullable<typeof tools>, await genuineFace());
  const link = (await backend.create()).url;
  beforeAll(() => mkdir(ARTIFACTS, { recursive: true }));
  for (const theme of THEMES) expect(contrastFaults(paletteOf(BRAND, theme))).toEqual([]);

  async function open(name: string, { lang = 'en', brand = {}, voice, ...context }: OpenOptions): Promise<Page> {
    const shot = SHOTS[name] as Shot;
    const page = await (await browser.newContext(context)).newPage();
    let { status } = shot;
    if (shot.camera) await page.addInitScript(refuseCamera, shot.camera);
    if (voice) await installVoice(page, voice);
    await page.route('**/status', (route) =>
      typeof status === 'number'
        ? route.fulfill({ status, json: {} })
        : route.fulfill({ json: { ...status, ...brand } }),
    );
    const challenge = shot.start ?? null;
    await page.route('**/start', (route) => {
      if (shot.isHeld) return;
      return shot.refused
        ? route.fulfill({ status: 429, json: { code: shot.refused } })
        : route.fulfill({ json: { session: 's', attempt: 1, frames: OPEN.frames, challenge } });
    });
    await page.route('**/frames/*', (route) => route.fulfill({ json: { challenge } }));
    await page.route('**/handoff', (route) => {
      status = { ...OPEN, handoff: 'waiting' };
      return route.fulfill({ json: { url: OFFERED, expires_in_ms: 300_000 } });
    });
    await page.route('**/handoff/take', (route) => route.fulfill({ status: 410, json: { code: 'handoff_over' } }));
    await page.goto(`${link}?lang=${lang}${shot.hash ?? ''}`);
    if (shot.phone) await page.click('[data-state="failed"] [data-action="phone"]');
    if (shot.press) await page.click('[data-state="ready"] [data-action="primary"]');
    await page.waitForSelector(shot.shows, { timeout: 20_000 });
    if (shot.offline) await page.context().setOffline(true);
    // The first picture of the camera, and the last of what moves.
    await page.waitForTimeout(shot.shows.includes('ready') || shot.press ? 400 : 100);
    return page;
  }

  describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
    it.each(Object.keys(SHOTS))('%s: no fault that axe knows, on a phone and on a desktop', async (name) => {
      const look = async ([device, options]: [string, BrowserContextOptions]) => {
        const page = await open(name, { ...options, colorScheme });
        await page.screenshot({ path: join(ARTIFACTS, `${name}-${device}-${colorScheme}.png`) });
        expect([device, ...(await faultsThatAxeFinds(page))]).toEqual([device]);
        await page.context().close();
      };
      await Promise.all(Object.entries(DEVICES).map(look));
    });
  });

  describe.each(['light', 'dark'] as const)(
    'in the colours and with the logo of a client, in the %s theme',
    (colorScheme) => {
      it.each(Object.entries(BRANDED_SHOTS))('%s has no fault that axe knows', async (name, devices) => {
        const brand = await wearBrand();
        for (const device of devices) {
          const page = await open(name, {
            ...DEVICES[device],
            colorScheme,
            brand,
            voice: { isOn: colorScheme === 'dark' },
          });
          await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.logo img')?.naturalWidth);
          await page.screenshot({ path: join(ARTIFACTS, `branded-${name}-${device}-${colorScheme}.png`) });
          const colours = await page.evaluate(() => {
            const primary = document.querySelector('.primary') as Element;
            return [getComputedStyle(primary).backgroundColor, getComputedStyle(document.body).backgroundColor];
          });
          expect(colours).toEqual(BRAND_SEEN[colorScheme]);
          expect([device, ...(await faultsThatAxeFinds(page))]).toEqual([device]);
          await page.context().close();
        }
        await setClientPage(api.database.db, { clientId: await clientId(), colours: {} });
      });
    },
  );

  const clientId = async () => (await api.database.db.query('select id from clients')).rows[0].id as string;

  /** Gives the client of the link colours, and a logo for light pages; returns what its status says of them. */
  async function wearBrand() {
    const id = await clientId();
    const picture = await encodeLogo(await wordmark('Meridian', '#2b1620'));
    await setClientPage(api.database.db, { clientId: id, colours: BRAND });
    await setLogo(api.database.db, { clientId: id, theme: 'light', digest: 'a'.repeat(32), picture });
    return { logo_url: `/brand/logo-${'a'.repeat(32)}.png`, client_name: 'Meridian Credit Union' };
  }

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
    const look = async ([size, viewport]: [string, { width: number; height: number }]) => {
      for (const name of ['consent', 'ready-again', 'failed-denied', 'turn-left', 'handoff-waiting']) {
        // With the line above the words, where there is least room for it.
        const page = await open(name, { viewport, isMobile: true, hasTouch: true, lang, voice: { lang } });
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
    };
    await Promise.all(Object.entries(SMALL).map(look));
  });

  it('has words at twice their size without losing any', async () => {
    for (const name of ['consent', 'ready-again', 'failed-denied', 'handoff-waiting']) {
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

/** What breaks WCAG or good practice on what the page shows now. */
async function faultsThatAxeFinds(page: Page): Promise<string[][]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [
    id,
    ...nodes.map((node) => node.html),
  ]);
}

/** Runs in the page: a camera that cannot be had. Beside one that is in use there is another. */
function refuseCamera(how: NonNullable<Shot['camera']>): void {
  const camera = { kind: 'videoinput', label: '', groupId: '', toJSON: () => ({}) } as const;
  if (how === 'busy') {
    navigator.mediaDevices.enumerateDevices = async () => ['one', 'two'].map((deviceId) => ({ ...camera, deviceId }));
  }
  const names = { denied: 'NotAllowedError', busy: 'NotReadableError', missing: 'NotFoundError' } as const;
  navigator.mediaDevices.getUserMedia = () =>
    how === 'silent' ? new Promise(() => {}) : Promise.reject(new DOMException('refused', names[how]));
}
