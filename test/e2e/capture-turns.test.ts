import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { eventually } from '@livegate/test-kit/eventually';
import { attackFace, darkFace, emptyRoom, twoPeople } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { type Behaviour, installReactiveCamera } from '@livegate/test-kit/reactive-camera';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { type TurningHead, turningHead } from '@livegate/test-kit/turning-head';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';

const tools = browserTools();
const head = await turningHead();
const ARTIFACTS = join(repositoryRoot, 'test/e2e/.artifacts');

describe.skipIf(!tools || !head)('a person who is asked to turn their head', async () => {
  const stack = await startStack();
  const backend = integrator(stack);
  const browser = await openBrowser(tools as NonNullable<typeof tools>, null);
  beforeAll(() => mkdir(ARTIFACTS, { recursive: true }));

  async function openPage(camera: { head: TurningHead; behaviour?: Behaviour }) {
    const context = await browser.newContext({ viewport: { width: 390, height: 780 } });
    const page = await context.newPage();
    await installReactiveCamera(page, camera);
    return page;
  }
  const state = (page: Page, name: string, timeout = 30_000) =>
    page.waitForSelector(`body[data-state="${name}"]`, { timeout });
  const primary = (page: Page) => page.click('[data-action="primary"]:visible');

  async function capture(page: Page, url: string): Promise<void> {
    await page.goto(url);
    await primary(page);
    await state(page, 'ready');
    await primary(page);
    await state(page, 'capturing');
  }

  it('passes when they follow the arrow on the page', async () => {
    const page = await openPage({ head: head as TurningHead });
    const check = await backend.create({ challenge: 'turn', threshold: 60, return_url: 'http://127.0.0.1:9/back' });
    await capture(page, check.url);
    const prompts: string[] = [];
    await page.exposeFunction('promptShown', (prompt: string) => void prompts.push(prompt));
    await page.evaluate(() => {
      new MutationObserver(() => {
        const { prompt } = document.body.dataset;
        // @ts-expect-error exposed by the test
        if (prompt) void promptShown(prompt);
      }).observe(document.body, { attributeFilter: ['data-prompt'] });
    });
    await page.waitForSelector('body:is([data-prompt="left"], [data-prompt="right"])', { timeout: 30_000 });
    await page.screenshot({ path: join(ARTIFACTS, 'phone-turn.png') });
    await state(page, 'done');
    const { body } = await backend.untilDone(check.token);
    expect(body.result).toMatchObject({ passed: true, reasons: [] });
    expect(prompts.length).toBeGreaterThanOrEqual(3);
    const { rows } = await stack.db.query(
      `select prompt from challenge_steps where check_id = (select id from checks where token = $1) order by step`,
      [check.token],
    );
    expect(rows.map((row) => row.prompt).join()).toContain(prompts.join());
  });

  it('passes on a line of a fifth of a megabit a second, with small frames', async () => {
    const page = await openPage({ head: head as TurningHead });
    await page.route('**/detector-*', (route) => route.abort());
    const check = await backend.create({ challenge: 'turn', threshold: 60, return_url: 'http://127.0.0.1:9/back' });
    await page.goto(check.url);
    await primary(page);
    await state(page, 'ready');
    const line = await page.context().newCDPSession(page);
    await line.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 80,
      downloadThroughput: 250_000,
      uploadThroughput: 200_000 / 8,
    });
    await primary(page);
    await state(page, 'done', 90_000);
    expect((await backend.untilDone(check.token)).body.result).toMatchObject({ passed: true, reasons: [] });
    const { rows } = await stack.db.query(
      `select split_part(encoding, ' ', 1) as size, count(*)::int from frames join checks on id = check_id
        where token = $1 group by size order by count`,
      [check.token],
    );
    // The first one told how the line is.
    expect(rows.map(({ size }) => size)).toEqual(['960x720', '640x480']);
  });

  it.each(['minivision-image_F1', 'minivision-image_F2'] as const)('never passes with the print %s', async (name) => {
    const print = await attackFace(name);
    if (!print) return;
    const page = await openPage({ head: async () => print });
    const check = await backend.create({ challenge: 'turn', threshold: 60 });
    await capture(page, check.url);
    const outcome = await eventually(
      async () => {
        const { body } = await backend.get(check.token);
        const { rows } = await stack.db.query('select attempt from checks where token = $1', [check.token]);
        return (body.status === 'complete' || body.status === 'failed' || rows[0].attempt > 1) && body;
      },
      { withinMs: 40_000 },
    );
    expect(outcome.result?.passed ?? false).toBe(false);
  });

  // At the same time: each waits until the time of a step is over.
  it('says what was wrong with two people, darkness and an empty room', async () => {
    const scenes = [
      ['MULTIPLE_FACES', 'only you', twoPeople],
      ['TOO_DARK', 'light', darkFace],
      ['NO_FACE', 'oval', emptyRoom],
    ] as const;
    await Promise.all(
      scenes.map(async ([reason, words, scene]) => {
        const picture = await scene();
        const page = await openPage({ head: async () => picture });
        await page.route('**/detector-*', (route) => route.abort());
        const check = await backend.create({ challenge: 'turn', threshold: 60 });
        await capture(page, check.url);
        await page.waitForSelector('.words.notice', { timeout: 60_000 });
        const { rows } = await stack.db.query('select attempt, attempt_reason from checks where token = $1', [
          check.token,
        ]);
        expect(rows).toEqual([{ attempt: 2, attempt_reason: reason }]);
        const said = await page.textContent('.words');
        expect(said).toContain(words);
        expect(said).toContain('Try 2 of 3');
      }),
    );
  });
});
