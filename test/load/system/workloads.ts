/** What is asked of the system: a hosted check from link to webhook, a one-shot check, a pile of due webhooks. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { webhookBody } from '@livegate/contracts/webhook-event';
import { finishCheck } from '@livegate/db/finish-check';
import { type CaptureClient, captureClient } from '@livegate/test-kit/capture-client';
import { integrator } from '@livegate/test-kit/integrator';
import type { RunningSystem } from './launch-system.ts';
import type { Receiver } from './receiver.ts';

export const FRAMES_PER_CHECK = 8;

/**
 * The picture with bytes of its own, as a comment after the start of the image. A camera never sends the same bytes twice, and
 * what came before is what every verdict looks for: repeated pictures would be found in all checks of the run.
 */
function taken(frame: Buffer): Buffer {
  return Buffer.concat([frame.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, 18]), randomBytes(16), frame.subarray(2)]);
}

/** Latency: from the finish of the capture to the webhook. */
export function hostedCheck(
  system: Pick<RunningSystem, 'url' | 'apiKey'>,
  receiver: Receiver,
  frames: readonly Buffer[],
) {
  const backend = integrator(system);
  return async (): Promise<number> => {
    const check = await backend.create({ webhook_url: receiver.url, challenge: 'none' });
    await (await fetch(check.url)).arrayBuffer();
    const person = captureClient(check.url);
    await startWhenThereIsRoom(person);
    for (let seq = 0; seq < FRAMES_PER_CHECK; seq += 1) {
      const { status } = await person.putFrame(seq, taken(frames[seq % frames.length] as Buffer));
      if (status !== 204) throw new Error(`frame: ${status}`);
    }
    const finishedAt = performance.now();
    const { status } = await person.finish(FRAMES_PER_CHECK);
    if (status !== 202) throw new Error(`finish: ${status}`);
    await person.status();
    await receiver.eventOf(check.token);
    const latency = performance.now() - finishedAt;
    const answer = await backend.get(check.token);
    if (answer.status !== 200) throw new Error(`retrieve: ${answer.status}`);
    return latency;
  };
}

/** As the page does it: refused for want of room, it tries again, and nothing is lost. */
async function startWhenThereIsRoom(person: CaptureClient): Promise<void> {
  for (;;) {
    const { status } = await person.start();
    if (status === 200) return;
    if (status !== 503) throw new Error(`start: ${status}`);
    await pause(RETRY_AFTER_MS);
  }
}

const RETRY_AFTER_MS = 1_000;

/** Latency: of the request. */
export function oneShotCheck({ url, apiKey }: RunningSystem, frames: readonly Buffer[]) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
  let next = 0;
  return async (): Promise<number> => {
    const image = taken(frames[next++ % frames.length] as Buffer).toString('base64');
    const body = JSON.stringify({ os: 'DESKTOP', image });
    const startedAt = performance.now();
    const response = await fetch(`${url}/v2/face-recognition/liveness`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { data?: { liveness_score?: number } };
    const latency = performance.now() - startedAt;
    if (response.status !== 200 || answer.data?.liveness_score === undefined) {
      throw new Error(`one-shot: ${response.status} ${JSON.stringify(answer)}`);
    }
    return latency;
  };
}

/** Events per second to a healthy receiver, from a pile that was due at once: the dispatcher is held while it is made. */
export async function drainWebhooks(system: RunningSystem, receiver: Receiver, count: number): Promise<number> {
  const backend = integrator(system);
  const tokens: string[] = [];
  process.kill(system.pids['webhook-dispatcher'], 'SIGSTOP');
  try {
    await inParallel(count, 8, async () => {
      const { token } = await backend.create({ webhook_url: receiver.url });
      await system.db.transaction(async (tx) => {
        const { rows } = await tx.query(`update checks set link_expires_at = now() where token = $1 returning id`, [
          token,
        ]);
        await finishCheck(tx, { checkId: rows[0].id, ending: { event: 'expire' }, buildBody: webhookBody });
      });
      tokens.push(token);
    });
  } finally {
    process.kill(system.pids['webhook-dispatcher'], 'SIGCONT');
  }
  const startedAt = performance.now();
  const before = receiver.count();
  await Promise.all(tokens.map((token) => receiver.eventOf(token)));
  const seconds = (performance.now() - startedAt) / 1_000;
  await pause(100);
  if (receiver.count() - before > count) throw new Error('some event came twice');
  return count / seconds;
}

async function inParallel(count: number, inFlight: number, work: () => Promise<void>): Promise<void> {
  let begun = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (begun < count) {
        begun += 1;
        await work();
      }
    }),
  );
}
