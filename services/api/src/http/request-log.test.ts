import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@livegate/telemetry/logger';
import { eventually } from '@livegate/test-kit/eventually';
import express from 'express';
import { afterAll, expect, it } from 'vitest';
import { logRequests } from './request-log.ts';

const directory = mkdtempSync(join(tmpdir(), 'livegate-request-log-'));
const file = join(directory, 'log');
const fd = openSync(file, 'w');
const key = 'lv_live_AAAAAAAAAAAA_secret';
const server = express()
  .use(logRequests(createLogger({ service: 'test', level: 'info', fd })))
  .get('/asked', (request, response) => {
    if (request.get('authorization') === `Bearer ${key}`) response.locals.caller = { keyId: 'AAAAAAAAAAAA' };
    response.json({});
  })
  .listen(0, '127.0.0.1');
await once(server, 'listening');
afterAll(() => {
  server.close();
  closeSync(fd);
  rmSync(directory, { recursive: true });
});

it('says whose key it was, and nothing of the key', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/asked`;
  await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  await fetch(url);
  const lines = await eventually(() => {
    const text = readFileSync(file, 'utf8');
    expect(text.trim().split('\n')).toHaveLength(2);
    return text;
  });
  expect(lines).not.toContain('secret');
  const [known, unknown] = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(known).toMatchObject({ msg: 'request', status: 200, key: 'AAAAAAAAAAAA' });
  expect(unknown).not.toHaveProperty('key');
});
