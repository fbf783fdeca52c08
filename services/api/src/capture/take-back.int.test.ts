import { startApi } from '@livegate/test-kit/api';
import { captureClient } from '@livegate/test-kit/capture-client';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { expect, it } from 'vitest';

// As behind a proxy that speaks https.
const PUBLIC_URL = 'https://check.example.com';
const api = await startApi({ env: { LIVEGATE_PUBLIC_URL: PUBLIC_URL } });
const { db } = api.database;
const face = await genuineFace();

it('lets the computer have the capture again when the phone was lost after its first pictures', async () => {
  const { url, token } = await integrator(api).create();
  const link = url.replace(PUBLIC_URL, api.url);
  const [computer, phone] = [captureClient(link), captureClient(link)];
  const handoffOf = async () => (await computer.status()).body.handoff;
  const offered = (await computer.offerHandoff()).body.url.split('=').at(-1);
  await phone.takeHandoff(offered);
  await phone.start();
  await phone.putFrame(0, face);
  const ago = (seconds: number) =>
    db.query(
      `update frames set received_at = clock_timestamp() - make_interval(secs => $2)
        where check_id = (select id from checks where token = $1)`,
      [token, seconds],
    );

  // A slow line.
  await ago(20);
  expect(await handoffOf()).toBe('capturing');
  expect(await computer.takeBack()).toMatchObject({ status: 409, body: { code: 'capture_elsewhere' } });
  // By the clock of the database.
  await ago(31);
  expect(await handoffOf()).toBe('taken');
  expect((await computer.takeBack()).status).toBe(204);
  expect(await phone.putFrame(1, face)).toMatchObject({ status: 409, body: { code: 'capture_superseded' } });
  expect((await computer.start()).status).toBe(200);
});
