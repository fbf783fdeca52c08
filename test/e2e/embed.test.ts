/** The capture page in a frame of an integrator's site: another site over https, as browsers see it. */
import { mkdir, readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { type EmbedMessage, embedMessage } from '@livegate/contracts/embed';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { freePort } from '@livegate/test-kit/global-setup';
import { passOnTo, startHttpsSite } from '@livegate/test-kit/https-site';
import { integrator } from '@livegate/test-kit/integrator';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import type { Frame, Page, Response } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';

const tools = browserTools();
const ARTIFACTS = join(repositoryRoot, 'test/e2e/.artifacts');

const ENVELOPE = { source: 'livegate', version: 1 };

type Heard = { origin: string; data: unknown };
declare global {
  interface Window {
    /** Every message that was posted to the site, and every event of the element. */
    heard: Heard[];
    told: { type: string; detail: unknown }[];
  }
}

describe.skipIf(!tools)('the capture page in a frame', async () => {
  const port = await freePort();
  const proxy = await startHttpsSite(passOnTo(() => port));
  // Another host than the shop's: what a browser takes for another site.
  const livegate = proxy.on('127.0.0.1');
  const stack = await startStack({ env: { LIVEGATE_PORT: String(port), LIVEGATE_PUBLIC_URL: livegate } });
  const inside = `http://127.0.0.1:${port}`;
  const backend = integrator({ url: inside, apiKey: stack.apiKey });
  const shop = (await startHttpsSite(site(livegate))).on('localhost');
  const foreign = (await startHttpsSite(site(livegate))).on('localhost');
  const browser = await openBrowser(tools as NonNullable<typeof tools>, await genuineFace());
  beforeAll(async () => {
    await mkdir(ARTIFACTS, { recursive: true });
    await stack.db.query('update clients set frame_origins = $1', [[shop]]);
  });

  async function openSite(origin: string, link: string, more = '') {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1000, height: 800 } });
    const page = await context.newPage();
    const troubles: string[] = [];
    const starts: Response[] = [];
    const hosts = new Set<string>();
    page.on('console', (message) => {
      if (/content security policy|violates|refused|permissions policy/i.test(message.text()))
        troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    page.on('response', (response) => {
      if (/\/(start|status)$/.test(response.url())) starts.push(response);
    });
    await page.goto(`${origin}/?check=${encodeURIComponent(link)}${more}`);
    return { page, troubles, hosts, answers: starts };
  }
  const frameOf = (page: Page): Promise<Frame> =>
    eventually(() => {
      const frame = page.frames().find((one) => one.url().startsWith(`${livegate}/c/`));
      if (!frame) throw new Error('no frame of ours yet');
      return frame;
    });
  const state = (frame: Frame, name: string) =>
    frame.waitForSelector(`body[data-state="${name}"]`, { timeout: 30_000 });
  const primary = (frame: Frame) => frame.click('[data-action="primary"]:visible');
  /** Without hints, so that nothing starts by itself. */
  const withoutDetector = (page: Page) => page.context().route('**/detector-*', (route) => route.abort());

  it('takes a person through the whole check, and tells the site each step in order and never the verdict', async () => {
    const check = await backend.create({ threshold: 60 });
    const { page, troubles, hosts, answers } = await openSite(shop, check.url);
    await withoutDetector(page);
    const frame = await frameOf(page);
    await state(frame, 'consent');
    await primary(frame);
    await state(frame, 'ready');
    await page.screenshot({ path: join(ARTIFACTS, 'framed-ready.png') });
    await primary(frame);
    await page.waitForFunction(() => window.told.some(({ type }) => type === 'livegate-closed'), null, {
      timeout: 30_000,
    });
    await page.screenshot({ path: join(ARTIFACTS, 'framed-done.png') });

    const heard = (await page.evaluate(() => window.heard)) as Heard[];
    expect(new Set(heard.map(({ origin }) => origin))).toEqual(new Set([livegate]));
    const messages: EmbedMessage[] = heard.map(({ data }) => embedMessage.parse(data));
    expect(messages).toEqual(
      [
        { type: 'ready' },
        ...['consent', 'permission', 'ready', 'capturing', 'sending'].map((step) => ({ type: 'step', step })),
        { type: 'done' },
        { type: 'closed', reason: 'finished' },
      ].map((message) => ({ ...ENVELOPE, ...message })),
    );
    const told = await page.evaluate(() => window.told);
    expect(told).toEqual(
      messages.map(({ source, version, ...detail }) => ({ type: `livegate-${detail.type}`, detail })),
    );
    expect((await backend.untilDone(check.token)).body.result.passed).toBe(true);
    // The page in the frame stays: nothing navigates to the return address, and nothing foreign is asked.
    expect(frame.url()).toBe(check.url);
    expect(hosts).toEqual(new Set([livegate, shop]));
    expect(troubles).toEqual([]);

    const cookies = (await Promise.all(answers.map((answer) => answer.headersArray())))
      .flat()
      .filter(({ name }) => name.toLowerCase() === 'set-cookie');
    expect(cookies.length).toBeGreaterThan(0);
    for (const { value } of cookies) {
      expect(value).toMatch(
        /^__Host-livegate-(?:[0-9a-f]{8}=[\w-]{43}; Max-Age=3600|device=[\w-]{43}; Max-Age=7200); Path=\/;/,
      );
      expect(value).toMatch(/; HttpOnly; Secure; Partitioned; SameSite=None$/);
    }
  });

  it('works as the README of the client says', async () => {
    const created: string[] = [];
    const shopOfReadme = await startHttpsSite(async (request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      if (request.url === '/') return void response.end(`<!doctype html><title>Shop</title>${example}`);
      if (request.url !== '/api/start-check') return void response.end('<!doctype html><title>On</title>');
      const { url, token } = await backend.create({ threshold: 60 });
      created.push(token);
      response.end(url);
    });
    const example = (await readmeExample()).replaceAll('https://livegate.example', livegate);
    await stack.db.query('update clients set frame_origins = frame_origins || $1', [[shopOfReadme.on('localhost')]]);
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    await context.route('**/detector-*', (route) => route.abort());
    const page = await context.newPage();
    await page.goto(shopOfReadme.on('localhost'));
    const frame = await frameOf(page);
    await frame.waitForSelector('html[lang="fr"] [data-action="primary"]:visible');
    await primary(frame);
    await state(frame, 'ready');
    await primary(frame);
    await page.waitForURL('**/account/verifying');
    expect((await backend.untilDone(created[0] as string)).body.result.passed).toBe(true);
  });

  it('goes on after a reload in the frame, and belongs to it alone', async () => {
    const check = await backend.create({ threshold: 60 });
    const { page } = await openSite(shop, check.url);
    await withoutDetector(page);
    let frame = await frameOf(page);
    await primary(frame);
    await state(frame, 'ready');
    await primary(frame);
    await state(frame, 'capturing');
    await frame.goto(check.url);
    frame = await frameOf(page);
    // The cookie came back: this is the browser that started, and the person need not agree again.
    await state(frame, 'ready');
    const other = await page.context().newPage();
    await other.goto(check.url);
    await other.waitForSelector('body[data-state="failed"]');
    expect(await other.textContent('h1')).toContain('another browser');
  });

  it('is not shown by a site that the client has not named', async () => {
    const check = await backend.create();
    const { page, troubles } = await openSite(foreign, check.url);
    const blocked = await eventually(() => {
      const found = troubles.find((text) => text.includes('frame-ancestors'));
      if (!found) throw new Error('not blocked yet');
      return found;
    });
    expect(blocked).toContain(shop);
    expect(page.frames().some((frame) => frame.url().startsWith(livegate))).toBe(false);
    expect(await page.evaluate(() => window.heard)).toEqual([]);
    expect((await backend.get(check.token)).body.status).toBe('pending');
  });

  it('hears and answers its own site alone, whatever another frame of that site posts', async () => {
    const check = await backend.create();
    const { page } = await openSite(shop, check.url, `&beside=${encodeURIComponent(`${foreign}/forger`)}`);
    const frame = await frameOf(page);
    await state(frame, 'consent');
    const forger = await eventually(() => {
      const found = page.frames().find((one) => one.url() === `${foreign}/forger`);
      if (!found) throw new Error('no forger yet');
      return found;
    });
    await page.evaluate((forged) => window.postMessage(forged, '*'), { ...ENVELOPE, type: 'done' });
    // The forger has posted to both for a while, and the page has had the time to answer.
    await page.waitForFunction((from) => window.heard.filter(({ origin }) => origin === from).length >= 5, foreign);
    expect(await page.evaluate(() => window.told)).toEqual([
      { type: 'livegate-ready', detail: { type: 'ready' } },
      { type: 'livegate-step', detail: { type: 'step', step: 'consent' } },
    ]);
    expect(await forger.evaluate(() => window.heard)).toEqual([]);
  });
});

/** The page that integrators are told to write. */
async function readmeExample(): Promise<string> {
  const readme = await readFile(join(repositoryRoot, 'packages/client/README.md'), 'utf8');
  const [, html] = /```html\n(.*?)```/s.exec(readme) ?? [];
  if (!html) throw new Error('the README has no example');
  return html;
}

/** An integrator's site with a strict policy of its own: the element from our script, and another frame beside it if asked for. */
function site(livegate: string): RequestListener {
  const policy = `default-src 'none'; script-src ${livegate} 'nonce-n'; style-src 'nonce-n'; img-src data:; frame-src https:`;
  return (request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', policy);
    response.end(request.url?.startsWith('/forger') ? FORGER : shopPage(livegate));
  };
}

const LISTEN = `<script nonce="n">
  window.heard = [];
  window.told = [];
  addEventListener('message', ({ origin, data }) => heard.push({ origin, data }));
  for (const type of ['ready', 'step', 'done', 'closed', 'error'])
    addEventListener('livegate-' + type, ({ type, detail }) => told.push({ type, detail }));
</script>`;

const shopPage = (livegate: string) => `<!doctype html>
<html lang="en">
<title>Shop</title>
<link rel="icon" href="data:,">
<style nonce="n">
  body { margin: 0 auto; padding: 1rem; max-width: 56rem; font: 1rem/1.5 Georgia, serif; background: #fdf8ef; color: #33291a; }
  main { display: grid; grid-template-columns: 1fr 26rem; gap: 2rem; align-items: start; }
  livegate-check { border-radius: 1rem; box-shadow: 0 0.5rem 2rem rgb(51 41 26 / 0.2); }
</style>
${LISTEN}
<script type="module" src="${livegate}/embed/livegate-check.js"></script>
<main><section><h1>Open your account</h1><p>One step is left: show that it is you.</p></section></main>
<script type="module" nonce="n">
  const asked = new URLSearchParams(location.search);
  const element = document.createElement('livegate-check');
  element.setAttribute('src', asked.get('check'));
  document.querySelector('main').append(element);
  if (asked.get('beside')) document.body.append(Object.assign(document.createElement('iframe'), { src: asked.get('beside') }));
</script>`;

/** Says all that it can to the site and to every frame of it. */
const FORGER = `<!doctype html><title>Forger</title>${LISTEN}
<script nonce="n">
  const envelope = { source: 'livegate', version: 1 };
  setInterval(() => {
    parent.postMessage({ ...envelope, type: 'done' }, '*');
    for (let at = 0; at < parent.frames.length; at++)
      if (parent.frames[at] !== window) parent.frames[at].postMessage({ ...envelope, type: 'hello' }, '*');
  }, 50);
</script>`;
