import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verifyReceipt } from '@livegate/client/verify-receipt';
import type { Jwks } from '@livegate/crypto/signing-ring';
import { openEngine } from '@livegate/inference/engine';
import { resolveProfile } from '@livegate/inference/profiles';
import { captureClient } from '@livegate/test-kit/capture-client';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const stack = await startStack();
const backend = integrator(stack);
const directory = await mkdtemp(join(tmpdir(), 'livegate-receipts-'));
afterAll(() => rm(directory, { recursive: true }));

const face = await genuineFace();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const keys = async () => (await (await fetch(`${stack.url}/.well-known/jwks.json`)).json()) as Jwks;

async function aHostedResult(wish: Record<string, unknown> = {}) {
  const check = await backend.create(wish);
  await captureClient(check.url).submit(face);
  return { check, ...(await backend.untilDone(check.token)) };
}

const verifik = (image: Buffer) =>
  fetch(`${stack.url}/v2/face-recognition/liveness`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ os: 'DESKTOP', image: image.toString('base64') }),
  });

describe('a decision receipt', () => {
  it('says of a hosted check what was scored, by what, and with which result', async () => {
    const { check, body } = await aHostedResult({ threshold: 40, audit_images: 2 });
    const claims = await verifyReceipt(body.result.receipt, await keys());
    expect(claims).toMatchObject({
      reference: check.reference,
      contract: 'globaldata',
      result: { passed: body.result.passed, confidence: body.result.confidence, comparator: '>', threshold: 40 },
      profile: body.result.model_profile,
      challenge: { kind: 'none', transcript_sha256: null },
      times: { decided_at: body.result.checked_at },
    });
    expect(claims.frames.map((frame) => frame.sha256)).toEqual(Array(8).fill(sha256(face)));
    expect(claims.models.length).toBeGreaterThan(1);
  });

  it('lets anybody with the same models score a kept frame again, and reach the same score', async () => {
    const { body } = await aHostedResult({ audit_images: 4 });
    const claims = await verifyReceipt(body.result.receipt, await keys());
    const profile = await resolveProfile({
      setting: claims.profile as 'baseline' | 'recommended',
      modelsDir: join(repositoryRoot, '.models'),
    });
    const verified = [...profile.models, profile.landmarks].map(({ id, sha256: hash }) => ({ id, sha256: hash }));
    expect(claims.models).toEqual(expect.arrayContaining(verified));
    const engine = await openEngine({ profile });
    const kept = [body.result.image, ...body.result.audit_images.map(({ image }: { image: string }) => image)];
    expect(kept).toHaveLength(5);
    for (const uri of kept) {
      const image = Buffer.from(String(uri).split(',')[1] ?? '', 'base64');
      const claimed = claims.frames.find((frame) => frame.sha256 === sha256(image));
      expect((await engine.analyse(image)).score).toBe(claimed?.score);
    }
  });

  it('comes as a header on a one-shot answer', async () => {
    const answer = await verifik(face);
    const { data } = (await answer.json()) as { data: { passed: boolean; liveness_score: number } };
    const claims = await verifyReceipt(answer.headers.get('x-liveness-receipt') ?? '', await keys());
    expect(claims).toMatchObject({
      reference: answer.headers.get('x-request-id'),
      contract: 'verifik',
      result: { passed: data.passed, confidence: data.liveness_score, comparator: '>', threshold: 0.6 },
      frames: [{ seq: 0, sha256: sha256(face) }],
    });
  });

  it('holds with the server off, by one command, and not with one letter changed', async () => {
    const { body } = await aHostedResult();
    const [answer, jwks, forged] = ['answer.json', 'jwks.json', 'forged.json'].map((name) => join(directory, name));
    await writeFile(answer as string, JSON.stringify(body));
    await writeFile(jwks as string, JSON.stringify(await keys()));
    const { receipt } = body.result;
    const [head, payload, signature] = String(receipt).split('.') as [string, string, string];
    const said = Buffer.from(payload, 'base64url').toString();
    const told = said.replace(/"passed":(true|false)/, (_, passed) => `"passed":${passed === 'false'}`);
    const lie = Buffer.from(told).toString('base64url');
    expect(lie).not.toBe(payload);
    await writeFile(forged as string, `${head}.${lie}.${signature}`);
    await stack.stop();
    const command = (...args: (string | undefined)[]) =>
      run(process.execPath, [join(repositoryRoot, 'packages/client/dist/cli/verify-receipt.js'), ...args.map(String)]);
    const { stdout, stderr } = await command(answer, '--jwks', jwks);
    expect(JSON.parse(stdout)).toMatchObject({ reference: body.reference });
    expect(stderr).toContain('holds');
    await expect(command(forged, '--jwks', jwks)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not hold'),
    });
  });
});
