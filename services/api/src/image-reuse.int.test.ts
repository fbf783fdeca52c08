import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { setPolicies } from '@livegate/db/client-policies';
import { createApiKey, createClient } from '@livegate/db/clients';
import { forgetOldDigests } from '@livegate/db/frame-evidence';
import { captureClient } from '@livegate/test-kit/capture-client';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { asFormat } from '@livegate/test-kit/pictures';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';

const stack = await startStack();
const { db } = stack;
const face = await genuineFace();
let drawn = 0;

/** A picture of a person that no other test has sent. */
const aFace = async (): Promise<Buffer> => {
  drawn += 1;
  return asFormat(face, 'jpeg', 960 - 2 * drawn);
};

async function aKey(riskPolicy: 'report' | 'review' | 'fail' = 'report'): Promise<string> {
  const clientId = await createClient(db, { name: `${riskPolicy} ${drawn}` });
  await setPolicies(db, { clientId, riskPolicy });
  const text = newApiKey('live');
  const key = parseApiKey(text);
  if (!key) throw new Error('a new key must parse');
  await createApiKey(db, { clientId, ...key });
  return text;
}

const json = { 'content-type': 'application/json' };
const CONTRACTS = {
  verifik: (key: string, image: Buffer) =>
    fetch(`${stack.url}/v2/face-recognition/liveness`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${key}` },
      body: JSON.stringify({ os: 'IOS', image: image.toString('base64') }),
    }),
  verifikAlias: (key: string, image: Buffer) =>
    fetch(`${stack.url}/v2/face-recognition/liveness-score`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${key}` },
      body: JSON.stringify({ os: 'IOS', image: `data:image/jpeg;base64,${image.toString('base64')}` }),
    }),
  kairos: (key: string, image: Buffer) => {
    const body = new FormData();
    body.set('selfie', new Blob([new Uint8Array(image)]), 'a.jpg');
    const headers = { app_id: key.split('_')[2] ?? '', app_key: key };
    return fetch(`${stack.url}/v0.2/liveness-verification`, { method: 'POST', headers, body });
  },
  smartcomply: (key: string, image: Buffer) =>
    fetch(`${stack.url}/api/onboarding/biometrics/face/liveliness_check/`, {
      method: 'POST',
      headers: { ...json, 'x-access-token': key },
      body: JSON.stringify({ image: image.toString('base64') }),
    }),
};
const contracts = Object.entries(CONTRACTS);
const risk = ({ headers }: Response) => headers.get('x-liveness-risk');

async function hosted(key: string, image: Buffer) {
  const backend = integrator({ url: stack.url, apiKey: key });
  const { url, token } = await backend.create();
  await captureClient(url).submit(image);
  return (await backend.untilDone(token)).body.result;
}

describe('an image that was in another check', () => {
  it.each(contracts)('of any contract and client is told on %s', async (_, judge) => {
    const image = await aFace();
    const first = await judge(await aKey(), image);
    expect([first.status, risk(first)]).toEqual([200, null]);
    for (const [, other] of contracts) expect(risk(await other(await aKey(), image))).toBe('IMAGE_REUSED');
    expect(risk(await judge(await aKey(), await aFace()))).toBeNull();
  });

  it('is told of a capture that sends what a one-shot check had, and the other way round', async () => {
    const [sent, captured] = [await aFace(), await aFace()];
    await CONTRACTS.verifik(await aKey(), sent);
    expect((await hosted(await aKey(), sent)).risk_signals).toContain('IMAGE_REUSED');
    await hosted(await aKey(), captured);
    expect(risk(await CONTRACTS.kairos(await aKey(), captured))).toBe('IMAGE_REUSED');
  });

  it('yields what the client says: reported, to be looked at, or failed', async () => {
    const image = await aFace();
    const verdictOf = async (policy: 'report' | 'review' | 'fail') => {
      const answer = await CONTRACTS.verifik(await aKey(policy), image);
      const { data } = (await answer.json()) as { data: { passed: boolean; liveness_score: number } };
      return [data.passed, answer.headers.get('x-liveness-reason'), answer.headers.get('x-liveness-review')];
    };
    expect(await verdictOf('fail')).toEqual([true, null, null]);
    expect(await verdictOf('report')).toEqual([true, null, null]);
    expect(await verdictOf('review')).toEqual([true, null, 'true']);
    expect(await verdictOf('fail')).toEqual([false, 'INJECTION_SUSPECTED', null]);
  });

  it('is no reuse when the other check had no verdict: its sender was asked to try again', async () => {
    const image = await aFace();
    await CONTRACTS.verifik(await aKey(), image);
    await db.query(`alter table checks disable trigger user`);
    await db.query(
      `update checks set state = 'failed', failure_reason = 'deadline', passed = null, confidence = null, score = null
        where id = (select check_id from frames order by received_at desc limit 1)`,
    );
    await db.query(`alter table checks enable trigger user`);
    expect(risk(await CONTRACTS.verifik(await aKey(), image))).toBeNull();
  });

  it('is forgotten after a day: nothing is kept of it but a keyed digest, and that no longer', async () => {
    const image = await aFace();
    await CONTRACTS.verifik(await aKey(), image);
    await db.query(`update frames set received_at = now() - interval '25 hours'`);
    await forgetOldDigests(db, 1_000);
    expect(risk(await CONTRACTS.verifik(await aKey(), image))).toBeNull();
  });
});
