/** The main path in Firefox, as Debian ships it. */
import { genuineFace } from '@livegate/test-kit/faces';
import { findFirefox, openFirefox } from '@livegate/test-kit/firefox';
import { integrator } from '@livegate/test-kit/integrator';
import { reactiveCamera } from '@livegate/test-kit/reactive-camera';
import { startStack } from '@livegate/test-kit/stack';
import { turningHead } from '@livegate/test-kit/turning-head';
import { describe, expect, it } from 'vitest';

const firefox = findFirefox();
const head = await turningHead();

describe.skipIf(!firefox)('Firefox', async () => {
  const stack = await startStack();
  const backend = integrator(stack);
  const browser = await openFirefox(firefox as string);

  // Where the shared faces are not at hand a still face does what it can.
  it(`takes a person ${head ? 'through the moves' : 'who looks ahead through the check'}, seen by the detector`, async () => {
    const page = await browser.newPage();
    await page.setViewport({ width: 390, height: 780 });
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    const face = await genuineFace();
    const { script, pictures } = await reactiveCamera({ head: head ?? (async () => face) });
    await page.evaluateOnNewDocument(script, pictures);
    const state = (name: string) => page.waitForSelector(`body[data-state="${name}"]`, { timeout: 60_000 });

    const check = await backend.create({ challenge: head ? 'turn' : 'none', threshold: 60 });
    await page.goto(check.url);
    await page.waitForSelector('[data-action="primary"]:not([hidden])');
    await page.click('[data-action="primary"]');
    await state('ready');
    // Nobody presses start: the detector sees that all is good.
    if (head) await page.waitForSelector('body:is([data-prompt="left"], [data-prompt="right"])', { timeout: 60_000 });
    await state('done');
    const { result } = (await backend.untilDone(check.token)).body;
    expect(result).toMatchObject({ passed: true, reasons: [] });
    expect(result.risk_signals).toContain('AUTOMATED_BROWSER');
    // Its own encoder is known as a browser's.
    expect(result.risk_signals).not.toContain('FOREIGN_ENCODER');
    expect(result.risk_signals).not.toContain('ENCODERS_DIFFER');
    // The cookie is kept: a reload is still this browser.
    await page.reload();
    await state('done');
    expect(troubles).toEqual([]);
  });
});
