import { readFile } from 'node:fs/promises';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { legacySignature, newWebhookSecret, signatureHeaders, standardSignature } from './webhook-signature.ts';

type Vector = { secret: string; id: string; timestampSeconds: number; body: string; legacy: string; standard: string };
const { vectors } = JSON.parse(await readFile(new URL('../vectors/webhook-signature.json', import.meta.url), 'utf8'));

describe('webhook signatures', () => {
  it.each(vectors as Vector[])('agree with openssl on $id', ({ body: text, ...vector }) => {
    const body = Buffer.from(text);
    expect(legacySignature({ ...vector, body })).toBe(vector.legacy);
    expect(standardSignature({ ...vector, body })).toBe(vector.standard);
  });

  it('are accepted by an independent verifier, and not when one byte of the body changed', () => {
    const message = {
      secret: newWebhookSecret(),
      id: 'evt_1',
      timestampSeconds: Math.floor(Date.now() / 1_000),
      body: Buffer.from('{"é":1}'),
    };
    const headers = signatureHeaders(message);
    const verifier = new Webhook(message.secret);
    expect(verifier.verify('{"é":1}', headers)).toEqual({ é: 1 });
    expect(() => verifier.verify('{"é":2}', headers)).toThrow();
  });

  it('put nothing but the lower-case digest into the vendor’s header', () => {
    const headers = signatureHeaders({
      secret: newWebhookSecret(),
      id: 'evt_1',
      timestampSeconds: 1,
      body: Buffer.of(),
    });
    expect(headers.Signature).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(headers)).toEqual(['Signature', 'webhook-id', 'webhook-timestamp', 'webhook-signature']);
  });

  it('use a secret of 32 random bytes', () => {
    const secrets = Array.from({ length: 50 }, newWebhookSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  });
});
