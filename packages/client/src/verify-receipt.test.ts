import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DecisionReceipt, decisionClaims } from '@livegate/contracts/receipts';
import { openSigningRing } from '@livegate/crypto/signing-ring';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import { afterAll, describe, expect, it } from 'vitest';
import { runVerifyReceipt } from './run-verify-receipt.ts';
import { verifyReceipt } from './verify-receipt.ts';

const directory = await mkdtemp(join(tmpdir(), 'livegate-verify-'));
afterAll(() => rm(directory, { recursive: true }));
const ring = await openSigningRing({ dir: join(directory, 'keys', 'signing') });

const now = new Date('2026-11-21T12:00:00Z');
const claims = decisionClaims({
  reference: '2f0b5a52-8a63-4a2c-9d66-5a31a8a0f6c1',
  clientId: 'cli_a',
  contract: 'verifik',
  threshold: 0.6,
  passed: true,
  confidence: 0.61,
  score: 0.61,
  reasons: [],
  challenge: 'none',
  transcriptSha256: null,
  profile: 'baseline',
  models: [{ id: 'model', sha256: 'a'.repeat(64) }],
  frames: [{ seq: 0, sha256: 'b'.repeat(64), score: 0.61, reasons: [] }],
  createdAt: now,
  startedAt: now,
  submittedAt: now,
  decidedAt: now,
});
const sign = (change: Partial<DecisionReceipt['result']> = {}) =>
  ring.sign(STATEMENTS.decision, { ...claims, result: { ...claims.result, ...change } });

async function verify(file: string, env: Record<string, string> = { LIVEGATE_DATA_DIR: directory }) {
  const [printed, complaints]: string[][] = [[], []];
  const print = (text: string) => void printed?.push(text);
  const code = await runVerifyReceipt({ args: [file], env, print, complain: (text) => void complaints?.push(text) });
  return { code, printed: printed?.join(''), complaints: complaints?.join('') };
}

describe('a receipt', () => {
  it('is read back as it was signed', async () => {
    expect(await verifyReceipt(await sign(), ring.jwks())).toEqual(claims);
  });

  it.each([
    ['below its threshold', { confidence: 0.59 }],
    ['at a threshold that must be exceeded', { confidence: 0.6 }],
    ['without a score', { score: null }],
  ])('that says passed %s is refused, though it is signed', async (_, change) => {
    await expect(verifyReceipt(await sign(change), ring.jwks())).rejects.toThrow('its own numbers do not');
  });

  it('is found in whatever it was saved in', async () => {
    const receipt = await sign();
    const texts = [
      receipt,
      JSON.stringify({ result: { receipt } }),
      `HTTP/1.1 200\r\nX-Liveness-Receipt: ${receipt}\r\n`,
    ];
    for (const text of texts) {
      const file = join(directory, 'saved');
      await writeFile(file, text);
      expect(await verify(file)).toMatchObject({ code: 0, printed: JSON.stringify(claims, null, 2) });
    }
  });

  it('with one bit flipped does not hold', async () => {
    const receipt = Buffer.from(await sign());
    for (let at = 0; at < receipt.length; at += 7) {
      const altered = Buffer.from(receipt);
      altered[at] = (altered[at] as number) ^ 1;
      await writeFile(join(directory, 'altered'), altered);
      expect(await verify(join(directory, 'altered')), `byte ${at}`).toMatchObject({ code: 1, printed: '' });
    }
  });

  it('is not judged without a file or keys', async () => {
    expect((await verify(join(directory, 'none'))).code).toBe(2);
    await writeFile(join(directory, 'saved'), await sign());
    expect((await verify(join(directory, 'saved'), { LIVEGATE_DATA_DIR: join(directory, 'other') })).code).toBe(2);
  });
});
