import { startApi } from '@livegate/test-kit/api';
import { type CaptureClient, captureClient } from '@livegate/test-kit/capture-client';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { expect, it } from 'vitest';

// As behind a proxy that speaks https.
const PUBLIC_URL = 'https://check.example.com';
const api = await startApi({ env: { LIVEGATE_PUBLIC_URL: PUBLIC_URL } });
const plain = await startApi();
const { db } = api.database;
const backend = integrator(api);
const face = await genuineFace();

async function create(body = {}) {
  const { url, token } = await backend.create(body);
  const link = url.replace(PUBLIC_URL, api.url);
  return { link, token, computer: captureClient(link), phone: captureClient(link) };
}
async function offer(browser: CaptureClient): Promise<string> {
  const { status, body } = await browser.offerHandoff();
  expect(status).toBe(200);
  expect(body.expires_in_ms).toBe(300_000);
  const token = /^https:\/\/check\.example\.com\/c\/[\w-]{43}#handoff=([A-Za-z0-9]{22})$/.exec(body.url)?.[1];
  expect(token).toBeDefined();
  return token as string;
}
const handoffOf = async (browser: CaptureClient) => (await browser.status()).body.handoff;
const refused = (code: string, status = 409) => ({ status, body: { code } });

it('moves the capture to the browser with the token, and tells the other how it goes', async () => {
  const { computer, phone, link } = await create();
  expect((await computer.status()).body).toMatchObject({ can_hand_off: true, handoff: null });
  const token = await offer(computer);
  expect(await handoffOf(computer)).toBe('waiting');
  expect((await phone.status()).body).toMatchObject({ handoff: null, elsewhere: false });

  expect(await phone.takeHandoff(token)).toMatchObject({ status: 204 });
  expect((await phone.status()).body).toMatchObject({ handoff: 'here', elsewhere: false });
  expect((await computer.status()).body).toMatchObject({ handoff: 'taken', elsewhere: true });
  expect(await captureClient(link).status()).toMatchObject({ body: { handoff: null, elsewhere: true } });

  expect(await computer.start()).toMatchObject(refused('capture_elsewhere'));
  expect((await phone.start()).status).toBe(200);
  expect(await handoffOf(computer)).toBe('taken');
  expect((await phone.putFrame(0, face)).status).toBe(204);
  expect(await handoffOf(computer)).toBe('capturing');
});

it('ends the session of the browser before: what it still sends is refused', async () => {
  const { computer, phone } = await create();
  await computer.start();
  expect((await computer.putFrame(0, face)).status).toBe(204);
  const token = await offer(computer);
  expect(await computer.putFrame(1, face)).toMatchObject(refused('capture_superseded'));
  await phone.takeHandoff(token);
  expect(await computer.putFrame(1, face)).toMatchObject(refused('capture_superseded'));
  expect(await computer.finish()).toMatchObject(refused('capture_superseded'));
  // What it had sent is not part of the phone's capture.
  const { rows } = await db.query(
    'select count(*)::int as frames from frames where check_id in (select check_id from handoffs where taken_at is not null order by taken_at desc limit 1)',
  );
  expect(rows[0].frames).toBe(0);
});

it('takes a token once: not again, not late, not withdrawn, not of another check', async () => {
  const { computer, phone, link, token: id } = await create();
  const stranger = captureClient(link);
  const first = await offer(computer);
  const token = await offer(computer);
  const over = refused('handoff_over', 410);
  expect(await phone.takeHandoff(first)).toMatchObject(over);
  expect(await phone.takeHandoff('A'.repeat(22))).toMatchObject(over);
  const other = await create();
  await offer(other.computer);
  expect(await other.phone.takeHandoff(token)).toMatchObject(over);

  await db.query(
    "update handoffs set expires_at = now() - interval '1 second' where check_id = (select id from checks where token = $1)",
    [id],
  );
  expect(await handoffOf(computer)).toBe('expired');
  expect(await phone.takeHandoff(token)).toMatchObject(over);

  const good = await offer(computer);
  await phone.status();
  expect((await phone.takeHandoff(good)).status).toBe(204);
  expect(await stranger.takeHandoff(good)).toMatchObject(over);
  // The same phone: the answer to its first try was lost.
  expect((await phone.takeHandoff(good)).status).toBe(204);
  expect((await phone.start()).status).toBe(200);
});

it('lives for five minutes by the clock of the database', async () => {
  const { computer, token } = await create();
  await offer(computer);
  const { rows } = await db.query(
    `select extract(epoch from expires_at - clock_timestamp()) as seconds, token_digest from handoffs
      where check_id = (select id from checks where token = $1)`,
    [token],
  );
  expect(Number(rows[0].seconds)).toBeGreaterThan(200);
  expect(Number(rows[0].seconds)).toBeLessThanOrEqual(300);
});

it('is void when the person starts where they are', async () => {
  const { computer, phone } = await create();
  const token = await offer(computer);
  expect((await computer.start()).status).toBe(200);
  expect(await phone.takeHandoff(token)).toMatchObject(refused('handoff_over', 410));
  expect((await computer.putFrame(0, face)).status).toBe(204);
});

it('is taken back until the first picture, and by nobody else', async () => {
  const { computer, phone, link } = await create();
  await phone.status();
  const token = await offer(computer);
  await phone.takeHandoff(token);
  await phone.start();
  expect(await captureClient(link).takeBack()).toMatchObject(refused('capture_elsewhere'));
  expect((await computer.takeBack()).status).toBe(204);
  expect(await phone.putFrame(0, face)).toMatchObject(refused('capture_superseded'));
  expect(await phone.start()).toMatchObject(refused('capture_elsewhere'));
  expect((await computer.status()).body).toMatchObject({ handoff: null, elsewhere: false });

  const again = await offer(computer);
  await phone.takeHandoff(again);
  await phone.start();
  await phone.putFrame(0, face);
  expect(await computer.takeBack()).toMatchObject(refused('capture_elsewhere'));
  expect((await phone.putFrame(1, face)).status).toBe(204);
});

it('withdraws an offer that nobody took', async () => {
  const { computer, phone } = await create();
  const token = await offer(computer);
  expect((await computer.takeBack()).status).toBe(204);
  expect(await handoffOf(computer)).toBeNull();
  expect(await phone.takeHandoff(token)).toMatchObject(refused('handoff_over', 410));
});

it('counts moves that were seen as an attempt: a hand-over shows nobody another sequence', async () => {
  const { computer, token } = await create({ challenge: 'turn' });
  await computer.start();
  await db.query(
    `update challenge_steps set nonce = 'seen', revealed_at = now(), deadline_at = now() + interval '10 seconds'
      where step = 1 and check_id = (select id from checks where token = $1)`,
    [token],
  );
  expect(await computer.offerHandoff()).toMatchObject(refused('capture_closed'));
  const { rows } = await db.query('select submitted_at from checks where token = $1', [token]);
  expect(rows[0].submitted_at).not.toBeNull();
});

it('is for the browser of the capture alone, while the check is open', async () => {
  const { computer, link, token } = await create();
  await computer.start();
  expect(await captureClient(link).offerHandoff()).toMatchObject(refused('capture_elsewhere'));
  await db.query('update checks set link_expires_at = now() where token = $1', [token]);
  expect(await computer.offerHandoff()).toMatchObject(refused('check_expired', 410));
  expect(await computer.takeHandoff('A'.repeat(22))).toMatchObject(refused('check_expired', 410));
});

it('goes on where it was offered when it is opened there', async () => {
  const { computer } = await create();
  await computer.status();
  const token = await offer(computer);
  expect((await computer.otherTab().takeHandoff(token)).status).toBe(204);
  expect((await computer.status()).body).toMatchObject({ handoff: null, elsewhere: false });
});

it('leaves the way back to the browser that the person came from', async () => {
  const { computer, phone } = await create();
  const token = await offer(computer);
  await phone.takeHandoff(token);
  expect((await phone.abandon()).body.redirect_url).toBeNull();
  expect((await computer.abandon()).body.redirect_url).toContain('error=cancelled');
});

it('is not offered where links are not https', async () => {
  const { url } = await integrator(plain).create();
  const browser = captureClient(url);
  expect((await browser.status()).body.can_hand_off).toBe(false);
  expect(await browser.offerHandoff()).toMatchObject(refused('not_found', 404));
});
