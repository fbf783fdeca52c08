import { startApi } from '@livegate/test-kit/api';
import { captureClient } from '@livegate/test-kit/capture-client';
import { emptyRoom } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { describe, expect, it } from 'vitest';

const { url, apiKey, database } = await startApi();
const backend = integrator({ url, apiKey });
const jpeg = await emptyRoom();

async function aStartedCapture() {
  const check = await backend.create();
  const person = captureClient(check.url);
  expect((await person.start()).status).toBe(200);
  return { check, person };
}
const expire = (token: string) =>
  database.db.query('update checks set link_expires_at = now() where token = $1', [token]);

describe('the capture protocol', () => {
  it('starts nothing by looking at the page', async () => {
    const check = await backend.create();
    const page = await fetch(check.url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe-(inline|eval)(?<!wasm-unsafe-eval)/);
    expect(page.headers.get('permissions-policy')).toContain('camera=(self)');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect((await backend.get(check.token)).body.status).toBe('pending');
    await captureClient(check.url).start();
    expect((await backend.get(check.token)).body.status).toBe('in_progress');
  });

  it('knows no check for a link that is one character off', async () => {
    const check = await backend.create();
    const wrong = check.url.slice(0, -1) + (check.url.endsWith('A') ? 'B' : 'A');
    expect((await fetch(wrong)).status).toBe(404);
    expect((await captureClient(wrong).start()).body).toMatchObject({ code: 'unknown_link' });
  });

  it('does not take the integrator’s token for a link', async () => {
    const check = await backend.create();
    expect((await captureClient(`${url}/c/${check.token}`).status()).status).toBe(404);
  });

  it('takes frames of its one live session only', async () => {
    const { check, person } = await aStartedCapture();
    const other = person.otherTab();
    expect((await other.putFrame(0, jpeg)).body).toMatchObject({ code: 'capture_superseded' });
    expect((await person.putFrame(0, jpeg)).status).toBe(204);
    await other.start();
    expect((await person.putFrame(1, jpeg)).body).toMatchObject({ code: 'capture_superseded' });
    const { rows } = await database.db.query(
      'select count(*)::int as frames from frames join checks on id = check_id where token = $1',
      [check.token],
    );
    expect(rows[0].frames).toBe(0);
  });

  it('says who asks, once the client has a name for people', async () => {
    const person = captureClient((await backend.create()).url);
    expect((await person.status()).body).toMatchObject({ client_name: null });
    await database.db.query("update clients set name = 'Example Bank'");
    expect((await person.status()).body).toMatchObject({ client_name: 'Example Bank' });
    await database.db.query("update clients set name = 'default'");
  });

  it('belongs to the browser that started it: another one with the link can neither start it again nor does it see it open', async () => {
    const { check, person } = await aStartedCapture();
    const stranger = captureClient(check.url);
    expect((await stranger.start()).body).toMatchObject({ code: 'capture_elsewhere', status: 409 });
    expect((await stranger.status()).body).toMatchObject({ elsewhere: true });
    expect((await person.status()).body).toMatchObject({ elsewhere: false });
    expect((await person.otherTab().start()).status).toBe(200);
    const forged = captureClient(check.url, new Map([[`livegate-${check.reference.slice(0, 8)}`, 'A'.repeat(43)]]));
    expect((await forged.start()).body).toMatchObject({ code: 'capture_elsewhere' });
  });

  it('gives a cookie that scripts cannot read, and keeps no more than its digest', async () => {
    const check = await backend.create();
    const started = await fetch(`${check.url}/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const cookies = started.headers.getSetCookie();
    expect(cookies).toHaveLength(2);
    const isOfDevice = (text: string) => text.startsWith('livegate-device=');
    const [device, cookie] = [cookies.find(isOfDevice), cookies.find((text) => !isOfDevice(text))];
    expect(device).toMatch(/^livegate-device=[\w-]{43}; Max-Age=7200; Path=\/;.* HttpOnly; SameSite=Strict$/);
    expect(cookie).toMatch(/^livegate-[0-9a-f]{8}=[\w-]{43}; Max-Age=3600; Path=\/;.* HttpOnly; SameSite=Strict$/);
    const { rows } = await database.db.query('select browser_digest from checks where token = $1', [check.token]);
    expect(rows[0].browser_digest).toHaveLength(32);
  });

  it('gives a page that says it is framed a cookie for frames, where the client allows them', async () => {
    const look = async (headers: Record<string, string>) => {
      const answer = await fetch(`${(await backend.create()).url}/status`, { headers });
      return answer.headers.getSetCookie().join();
    };
    const framed = { 'x-capture-framed': '1' };
    expect(await look(framed)).toMatch(/; HttpOnly; SameSite=Strict$/);
    await database.db.query("update clients set frame_origins = '{https://shop.example}'");
    expect(await look(framed)).toMatch(/; HttpOnly; Secure; Partitioned; SameSite=None$/);
    expect(await look({})).toMatch(/; HttpOnly; SameSite=Strict$/);
    await database.db.query("update clients set frame_origins = '{}'");
  });

  it('lets a browser that has looked start again when the answer to its start was lost', async () => {
    const check = await backend.create();
    const cookies = new Map<string, string>();
    await captureClient(check.url, cookies).status();
    expect((await captureClient(check.url, new Map(cookies)).start()).status).toBe(200);
    expect((await captureClient(check.url, cookies).start()).status).toBe(200);
    expect((await captureClient(check.url).start()).body).toMatchObject({ code: 'capture_elsewhere' });
  });

  it('records once what the person agreed to, and says so to a page that is loaded again', async () => {
    const check = await backend.create();
    const person = captureClient(check.url);
    expect((await person.status()).body).toMatchObject({ consented: false });
    const agree = (consent: unknown) =>
      fetch(`${check.url}/start`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ consent }),
      });
    expect((await agree({ version: '1', locale: '<script>' })).status).toBe(400);
    expect((await agree({ version: '2026-11', locale: 'de' })).status).toBe(200);
    const { rows } = await database.db.query(
      "select consent_version, consent_locale, consented_at > now() - interval '1 minute' as recent from checks where token = $1",
      [check.token],
    );
    expect(rows[0]).toEqual({ consent_version: '2026-11', consent_locale: 'de', recent: true });
    expect((await person.status()).body).toMatchObject({ consented: true });
  });

  it('stores a frame once, however often it is sent', async () => {
    const { check, person } = await aStartedCapture();
    await Promise.all([person.putFrame(0, jpeg), person.putFrame(0, jpeg), person.putFrame(0, jpeg)]);
    const { rows } = await database.db.query('select seq from frames join checks on id = check_id where token = $1', [
      check.token,
    ]);
    expect(rows).toEqual([{ seq: 0 }]);
  });

  it('stores ciphertext: no byte run of the image is in the database', async () => {
    const { check, person } = await aStartedCapture();
    await person.putFrame(0, jpeg);
    const { rows } = await database.db.query(
      'select sealed from frame_blobs join checks on id = check_id where token = $1',
      [check.token],
    );
    expect(rows[0].sealed.length).toBe(jpeg.length + 29);
    expect(rows[0].sealed.includes(jpeg.subarray(100, 132))).toBe(false);
  });

  it.each([
    ['a place beyond the last', 8, jpeg, 400, 'invalid_request'],
    ['a place in another spelling', '01', jpeg, 400, 'invalid_request'],
    ['a negative place', -1, jpeg, 400, 'invalid_request'],
    ['a picture that is no JPEG', 0, Buffer.from('GIF89a'), 422, 'unreadable_image'],
    ['an empty body', 0, Buffer.alloc(0), 422, 'unreadable_image'],
    ['more than a megabyte', 0, Buffer.alloc(1_000_001, 0xff), 413, 'body_too_large'],
  ])('refuses %s', async (_name, seq, body, status, code) => {
    const { person } = await aStartedCapture();
    const step = await person.putFrame(seq, body);
    expect(step).toMatchObject({ status, body: { code, status } });
  });

  it('refuses a submission that misses frames, and takes it when they have come', async () => {
    const { person } = await aStartedCapture();
    for (const seq of [0, 1, 2]) await person.putFrame(seq, jpeg);
    expect((await person.finish(8)).body).toMatchObject({ code: 'too_few_frames' });
    expect((await person.finish(2)).status).toBe(202);
    expect((await person.finish(3)).body).toMatchObject({ code: 'capture_closed' });
    expect((await person.putFrame(5, jpeg)).body).toMatchObject({ code: 'capture_closed' });
    expect((await person.status()).body).toMatchObject({ state: 'processing' });
  });

  it('refuses every step after the link has expired', async () => {
    const { check, person } = await aStartedCapture();
    await person.putFrame(0, jpeg);
    await expire(check.token);
    for (const step of [person.putFrame(1, jpeg), person.finish(1), person.start()]) {
      expect((await step).body).toMatchObject({ code: 'check_expired', status: 410 });
    }
    expect((await person.status()).body).toMatchObject({
      state: 'expired',
      redirect_url: `https://example.com/return?lc_token=${check.token}&error=expired`,
    });
  });

  it('scores a submission accepted in time, even when the link ends meanwhile', async () => {
    const { check, person } = await aStartedCapture();
    for (const seq of [0, 1, 2]) await person.putFrame(seq, jpeg);
    expect((await person.finish(3)).status).toBe(202);
    await expire(check.token);
    expect((await backend.get(check.token)).status).toBe(202);
  });

  it('lets a person leave without ending the check, to where the integrator said', async () => {
    const check = await backend.create({ return_url: 'https://shop.example.com/back?cart=7#top' });
    const response = await fetch(`${check.url}/abandon`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error: 'camera_denied' }),
    });
    expect(await response.json()).toEqual({
      redirect_url: `https://shop.example.com/back?cart=7&lc_token=${check.token}&error=camera_denied#top`,
    });
    expect((await backend.get(check.token)).body.status).toBe('pending');
  });

  it('refuses keys it does not know on its own routes, and a form', async () => {
    const check = await backend.create();
    const start = (init: RequestInit) => fetch(`${check.url}/start`, { method: 'POST', ...init });
    expect(
      (await start({ headers: { 'content-type': 'application/json' }, body: '{"verdict":"passed"}' })).status,
    ).toBe(400);
    expect(
      (await start({ body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status,
    ).toBe(415);
  });

  it('puts what has arrived into batches of at most four, while one is out', async () => {
    const { check, person } = await aStartedCapture();
    for (let seq = 0; seq < 8; seq += 1) await person.putFrame(seq, jpeg);
    await person.finish(8);
    const { rows } = await database.db.query(
      `select count(*)::int as frames from frames join checks on checks.id = check_id where token = $1 group by batch_id order by 1`,
      [check.token],
    );
    expect(rows.map((row) => row.frames)).toEqual([1, 3, 4]);
  });
});
