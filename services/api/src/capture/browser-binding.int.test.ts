/** Frames of a browser that keeps no cookie there: each request comes without one, as from Safari before 18.4. */
import { newLinkSecret } from '@livegate/crypto/link-secret';
import { startApi } from '@livegate/test-kit/api';
import { integrator } from '@livegate/test-kit/integrator';
import { expect, it } from 'vitest';

const api = await startApi();
const { db } = api.database;
await db.query("update clients set frame_origins = '{https://shop.example}'");
const create = () => integrator(api).create();

/** A page in such a frame, which holds this. */
function aFramedPage(link: string, secret: string, more: Record<string, string> = { 'x-capture-framed': '1' }) {
  const headers = { ...more, 'x-capture-browser': secret, 'content-type': 'application/json' };
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${link}/${path}`, { headers, ...init });
    return { status: response.status, cookies: response.headers.getSetCookie(), body: await response.json() };
  };
  return { status: () => call('status'), start: () => call('start', { method: 'POST', body: '{}' }) };
}
const elsewhere = { status: 409, body: { code: 'capture_elsewhere' } };

it('knows the page by what it holds, also in the attempt after the first', async () => {
  const { url, token } = await create();
  const page = aFramedPage(url, newLinkSecret());
  await page.status();
  expect((await page.start()).status).toBe(200);
  // The answer was lost, or the page was loaded again.
  expect((await page.start()).status).toBe(200);
  await db.query('update checks set attempt = 2, session_digest = null where token = $1', [token]);
  expect((await page.status()).body.elsewhere).toBe(false);
  expect((await page.start()).status).toBe(200);
});

it('knows no other page, none that holds nothing of worth, and outside of frames the cookie alone', async () => {
  const { url } = await create();
  const secret = newLinkSecret();
  expect((await aFramedPage(url, secret).start()).status).toBe(200);
  for (const other of [newLinkSecret(), '', 'A'.repeat(43)]) {
    expect(await aFramedPage(url, other).start()).toMatchObject(elsewhere);
  }
  expect(await aFramedPage(url, secret, {}).start()).toMatchObject(elsewhere);
  const weak = (await create()).url;
  expect((await aFramedPage(weak, 'short').start()).status).toBe(200);
  expect(await aFramedPage(weak, 'short').start()).toMatchObject(elsewhere);
});

it('gives a browser that keeps cookies the same secret as its cookie', async () => {
  const { url } = await create();
  const secret = newLinkSecret();
  const { cookies } = await aFramedPage(url, secret).status();
  expect(cookies.join()).toContain(`=${secret};`);
});
