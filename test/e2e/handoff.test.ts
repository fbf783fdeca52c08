/** Two browsers over real https: a computer that hands the check over, and the phone that takes it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { browserTools, openBrowser } from '@livegate/test-kit/browser';
import { makeCertificate } from '@livegate/test-kit/certificate';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { installReactiveCamera } from '@livegate/test-kit/reactive-camera';
import { readCode } from '@livegate/test-kit/read-code';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const tools = browserTools();
const certificate = await makeCertificate();
const ARTIFACTS = join(repositoryRoot, 'test/e2e/.artifacts');
const BACK = 'https://127.0.0.1:9/back';

describe.skipIf(!tools || !certificate)('a person who goes on with their phone', async () => {
  // For this process as integrator: the certificate is its own authority. That it is looked at is tested beside the api.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  afterAll(() => void vi.unstubAllEnvs());
  const stack = await startStack({
    env: { LIVEGATE_TLS_CERT: certificate?.certPath ?? '', LIVEGATE_TLS_KEY: certificate?.keyPath ?? '' },
  });
  const backend = integrator(stack);
  const browser = await openBrowser(tools as NonNullable<typeof tools>, null);
  const face = await genuineFace();
  const create = () => backend.create({ challenge: 'none', threshold: 60, return_url: BACK });
  beforeAll(() => mkdir(ARTIFACTS, { recursive: true }));

  const openComputer = async () =>
    (await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 } })).newPage();
  async function openPhone(context?: BrowserContext): Promise<Page> {
    const options = { ignoreHTTPSErrors: true, viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true };
    const page = await (context ?? (await browser.newContext(options))).newPage();
    await installReactiveCamera(page, { head: async () => face });
    // Nothing starts by itself.
    await page.route('**/detector-*', (route) => route.abort());
    return page;
  }
  const press = (page: Page, action: string) => page.click(`[data-action="${action}"]:visible`);
  const state = (page: Page, name: string) => page.waitForSelector(`body[data-state="${name}"]`, { timeout: 40_000 });
  const says = (page: Page, title: string) =>
    page.waitForFunction((text) => document.querySelector('h1')?.textContent === text, title, { timeout: 40_000 });
  /** What the phone's camera reads from the computer's screen. */
  async function scan(computer: Page): Promise<string> {
    await computer.waitForSelector('.code svg');
    return readCode(await computer.screenshot());
  }

  it('scans the code, goes on there, and the computer follows to the end', async () => {
    const check = await create();
    const computer = await openComputer();
    const troubles: string[] = [];
    for (const event of ['console', 'pageerror'] as const) {
      computer.on(event as 'console', (said) => {
        const text = String('text' in said ? said.text() : said);
        if (/content security policy|error/i.test(text)) troubles.push(text);
      });
    }
    await computer.goto(check.url);
    await press(computer, 'phone');
    const address = await scan(computer);
    await computer.screenshot({ path: join(ARTIFACTS, 'handoff-computer.png') });
    expect(address.startsWith(`${check.url}?lang=en#handoff=`)).toBe(true);
    expect(await computer.inputValue('#address')).toBe(address);

    const phone = await openPhone();
    await phone.goto(address);
    await state(phone, 'consent');
    // No token is left in the address, and the cookie is bound to this host alone.
    expect(phone.url()).toBe(`${check.url}?lang=en`);
    const cookies = (await phone.context().cookies()).filter(({ name }) => name.startsWith('__Host-livegate-'));
    expect(cookies).toMatchObject([{ secure: true, httpOnly: true, sameSite: 'Strict', path: '/' }]);
    await says(computer, 'Go on with your phone');
    expect(await phone.locator('[data-action="phone"]').isVisible()).toBe(false);

    await press(phone, 'primary');
    await state(phone, 'ready');
    await press(phone, 'primary');
    const back = computer.waitForRequest((request) => request.url().startsWith(BACK), { timeout: 40_000 });
    await state(phone, 'done');
    expect(await phone.textContent('.words')).toContain('computer');
    expect((await back).url()).toBe(`${BACK}?lc_token=${check.token}`);
    expect((await backend.untilDone(check.token)).body.result.passed).toBe(true);
    expect(troubles.filter((text) => !text.includes('127.0.0.1:9') && !text.includes('ERR_'))).toEqual([]);

    // The code again, on another phone.
    const thief = await openPhone();
    await thief.goto(address);
    expect(await state(thief, 'done')).toBeTruthy();
  });

  it('refuses a code that was used, and one of another check, in words', async () => {
    const [check, other] = [await create(), await create()];
    const computer = await openComputer();
    await computer.goto(check.url);
    await press(computer, 'phone');
    const address = await scan(computer);
    const phone = await openPhone();
    await phone.goto(address);
    await state(phone, 'consent');

    const thief = await openPhone();
    await thief.goto(address);
    await says(thief, 'This code no longer works');
    const token = new URL(address).hash;
    const elsewhere = await openPhone();
    await elsewhere.goto(`${other.url}${token}`);
    await says(elsewhere, 'This code no longer works');
    expect(await elsewhere.locator('.button:visible').count()).toBe(0);
    // The phone that has it goes on, also when it scans the code once more.
    await phone.goto('about:blank');
    await phone.goto(address);
    await state(phone, 'consent');
  });

  it('takes the check back to the computer, which then goes on, while the phone is told', async () => {
    const check = await create();
    const computer = await openComputer();
    await computer.goto(check.url);
    await press(computer, 'phone');
    const phone = await openPhone();
    await phone.goto(await scan(computer));
    await says(computer, 'Go on with your phone');
    await computer.reload();
    await says(computer, 'Go on with your phone');
    await press(computer, 'secondary');
    await state(computer, 'consent');
    await press(phone, 'primary');
    await state(phone, 'ready');
    await press(phone, 'primary');
    await says(phone, 'Open in another browser');
  });

  it('takes it back, too, when the phone was lost after its first picture', async () => {
    const check = await create();
    const computer = await openComputer();
    await computer.goto(check.url);
    await press(computer, 'phone');
    const phone = await openPhone();
    await phone.route(/\/frames\/[1-9]/, () => {});
    await phone.goto(await scan(computer));
    await press(phone, 'primary');
    await state(phone, 'ready');
    await press(phone, 'primary');
    await says(computer, 'Your phone is taking over');
    expect(await computer.locator('.button:visible').count()).toBe(0);
    await phone.close();
    await stack.db.query(
      `update frames set received_at = clock_timestamp() - interval '31 seconds'
        where check_id = (select id from checks where token = $1)`,
      [check.token],
    );
    await says(computer, 'Go on with your phone');
    await press(computer, 'secondary');
    // It goes on here, as far as this computer can.
    await says(computer, 'No camera found');
  });

  it('is offered to who has no camera, and shows a new code when the first has expired', async () => {
    const check = await create();
    const computer = await openComputer();
    await computer.goto(check.url);
    await press(computer, 'primary');
    await says(computer, 'No camera found');
    await press(computer, 'phone');
    const first = await scan(computer);
    await stack.db.query("update handoffs set expires_at = now() - interval '1 second'");
    await says(computer, 'This code has expired');
    await press(computer, 'primary');
    const second = await scan(computer);
    expect(second).not.toBe(first);
    const phone = await openPhone();
    await phone.goto(first);
    await says(phone, 'This code no longer works');
  });

  it('can be gone through by keyboard, and the link copied', async () => {
    const computer = await openComputer();
    await computer.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stack.url });
    await computer.goto((await create()).url);
    await computer.waitForSelector('[data-action="phone"]:visible');
    await computer.focus('[data-action="phone"]');
    await computer.keyboard.press('Enter');
    await state(computer, 'handoff');
    expect(await computer.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await computer.keyboard.press('Tab');
    expect(await computer.evaluate(() => document.activeElement?.id)).toBe('address');
    await computer.keyboard.press('Tab');
    await computer.keyboard.press('Enter');
    await computer.waitForFunction(() => document.querySelector('.announcer')?.textContent === 'Link copied');
    expect(await computer.evaluate(() => navigator.clipboard.readText())).toBe(await computer.inputValue('#address'));
  });
});
