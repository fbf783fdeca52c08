import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { startCapture } from '@livegate/db/checks';
import { finishCheck } from '@livegate/db/finish-check';
import { claimBatch, insertBatch } from '@livegate/db/frame-batches';
import { oldestWaitSeconds } from '@livegate/db/instant-checks';
import { startApi } from '@livegate/test-kit/api';
import { aCheck } from '@livegate/test-kit/builders';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { emptyRoom } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';

const { url, apiKey, database } = await startApi();
const { db } = database;
const backend = integrator({ url, apiKey });
const image = (await emptyRoom()).toString('base64');

const instant = () =>
  request(url)
    .post('/v2/face-recognition/liveness')
    .set('Authorization', `Bearer ${apiKey}`)
    .send({ os: 'DESKTOP', image });
const create = () =>
  request(url)
    .post('/liveness_check')
    .set('Authorization', `Bearer ${apiKey}`)
    .send({ return_url: 'https://example.com/' });

/** A batch that has waited for so long, of a check that is being scored. */
async function aWaitingBatch(age: string) {
  const { id: checkId } = await aCheck(db);
  await startCapture(db, { checkId, sessionDigest: randomBytes(32) });
  const { batchId } = await insertBatch(db, { checkId, attempt: 1, traceparent: null });
  await db.query(`update frame_batches set created_at = now() - $2::interval where id = $1`, [batchId, age]);
  return { checkId, batchId };
}

describe('when work has waited for too long', () => {
  afterEach(async () => {
    await db.query('update frame_batches set given_up_at = now() where given_up_at is null');
    await eventually(async () => (await create()).status === 201);
  });
  const refused = async (ask: () => PromiseLike<{ status: number; headers: Record<string, string> }>) =>
    eventually(async () => {
      const { status, headers } = await ask();
      if (status !== 503) throw new Error(`answered ${status}`);
      return headers;
    });

  it('instant checks and captures are refused at once with Retry-After, new hosted checks are not yet', async () => {
    const check = await backend.create();
    await aWaitingBatch('6 seconds');
    const person = captureClient(check.url);
    await eventually(async () => (await person.start()).status === 503);
    expect((await person.start()).body).toMatchObject({ status: 503, code: 'overloaded' });
    expect((await refused(instant))['retry-after']).toBe('2');
    expect((await create()).status).toBe(201);
    // Nothing was captured and nothing is lost: the person tries again.
    await db.query('update frame_batches set given_up_at = now() where given_up_at is null');
    await eventually(async () => (await person.start()).status === 200);
  });

  it('hosted checks are refused, too, when the wait grows', async () => {
    await aWaitingBatch('31 seconds');
    expect((await refused(create))['retry-after']).toBe('2');
  });

  it('work in hand and work that nobody wants any more do not count as waiting', async () => {
    const inHand = await aWaitingBatch('40 seconds');
    await claimBatch(db, { batchId: inHand.batchId, generation: 1 });
    const ended = await aWaitingBatch('40 seconds');
    await db.transaction((tx) =>
      finishCheck(tx, {
        checkId: ended.checkId,
        ending: { event: 'fail', failureReason: 'deadline', reasons: [] },
        buildBody: () => Buffer.from('{}'),
      }),
    );
    expect(await oldestWaitSeconds(db)).toBe(0);
    const { rows } = await db.query('select last_failure from frame_batches where id = $1', [ended.batchId]);
    expect(rows[0].last_failure).toBe('check_ended');
  });
});

describe('a slow client', () => {
  // Measured: 5.7 s for headers, 9.0 s for a body. No test asserts a time: who held on for a minute would time these out.
  /** Sends `head`, then `bytes` every `everyMs`; resolves with what came back when the connection ends. */
  function talk(head: string, drip?: { bytes: Buffer; everyMs: number }) {
    const { hostname, port } = new URL(url);
    return new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(head));
      let answer = '';
      const timer = setInterval(() => {
        if (drip && socket.writable) socket.write(drip.bytes);
      }, drip?.everyMs ?? 1_000);
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(timer);
        resolve(answer);
      });
    });
  }
  const post = (length: number) =>
    `POST /liveness_check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

  it.concurrent('that never ends its headers is closed', async () => {
    expect(await talk('POST /liveness_check HTTP/1.1\r\nHost: x\r\n')).toContain('HTTP/1.1 408');
  });

  it.concurrent('that never begins its body is told so and closed', async () => {
    const answer = await talk(post(100));
    expect(answer).toContain('"code":"request_timeout"');
    const reference = /X-Request-ID: (\S+)/.exec(answer)?.[1];
    expect(answer).toContain(`"reference":"${reference}"`);
  });

  it.concurrent('that drips its body is closed just so', async () => {
    const answer = await talk(post(1_000), { bytes: Buffer.from(' '), everyMs: 500 });
    expect(answer).toContain('"code":"request_timeout"');
  });

  it.concurrent('that is slow but comes on is heard to the end', async () => {
    const body = Buffer.alloc(30_000, ' ');
    const step = body.subarray(0, 1_000);
    const answer = await talk(post(body.length).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), {
      bytes: step,
      everyMs: 450,
    });
    expect(answer).toContain('HTTP/1.1 400');
  });
});
