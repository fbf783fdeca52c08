/** What every measurement has at hand: a cluster, a person, callers, and a clock. */
import { randomBytes } from 'node:crypto';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { type Created, integrator } from '@livegate/test-kit/integrator';
import type { Cluster } from '../cluster.ts';

export type Answered = { status: number; seconds: number; retryAfter: string | null };

export type Bench = {
  cluster: Cluster;
  /** A check that a person has submitted; `webhookUrl` is where its end is told. */
  submitted(webhookUrl?: string): Promise<Created>;
  /** Checks that nobody will come for. */
  created(webhookUrls: readonly string[]): Promise<Created[]>;
  /** Seconds until every one of these checks has ended, whatever happens meanwhile. */
  untilEnded(checks: readonly Created[]): Promise<number>;
  /** A one-shot check of a picture that nobody has seen yet. */
  oneShot(): Promise<Answered>;
  /** Asks for a new check; status 0 when there is no answer at all. */
  create(): Promise<Answered>;
};

const WAIT_MS = 90_000;

export async function openBench(cluster: Cluster): Promise<Bench> {
  const { url, apiKey } = cluster;
  const face = await genuineFace();
  const backend = integrator(cluster);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
  const post = async (path: string, body: object): Promise<Answered> => {
    const since = stopwatch();
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    await response.arrayBuffer();
    return { status: response.status, seconds: since(), retryAfter: response.headers.get('retry-after') };
  };
  const create = (webhookUrl?: string) => backend.create(webhookUrl === undefined ? {} : { webhook_url: webhookUrl });
  return {
    cluster,
    submitted: async (webhookUrl) => {
      const check = await create(webhookUrl);
      await captureClient(check.url).submit(face);
      return check;
    },
    created: async (webhookUrls) => {
      const checks: Created[] = [];
      for (const webhookUrl of webhookUrls) checks.push(await create(webhookUrl));
      return checks;
    },
    untilEnded: async (checks) => {
      const since = stopwatch();
      for (const { token } of checks) {
        const ended = async () => ![202, 500, 503].includes((await backend.get(token)).status);
        await eventually(ended, { withinMs: WAIT_MS });
      }
      return since();
    },
    oneShot: () => post('/v2/face-recognition/liveness', { os: 'DESKTOP', image: unseen(face).toString('base64') }),
    create: () =>
      post('/liveness_check', { return_url: 'https://example.com/', challenge: 'none' }).catch(() => NO_ANSWER),
  };
}

const NO_ANSWER: Answered = { status: 0, seconds: 0, retryAfter: null };

/** Seconds since it was made. */
export function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => (performance.now() - startedAt) / 1_000;
}

/** The picture with bytes of its own: a comment behind the start of the JPEG. */
function unseen(jpeg: Buffer): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, 18]), randomBytes(16), jpeg.subarray(2)]);
}

/** The smallest value that at least this share of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}
