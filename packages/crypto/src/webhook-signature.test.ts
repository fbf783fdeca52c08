import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import published from '../vectors/webhook-signature.json' with { type: 'json' };
import { legacySignature, newWebhookSecret, signatureHeaders, standardSignature } from './webhook-signature.ts';

describe('webhook signatures', () => {
  test.each(published.vectors)('equal what openssl makes for $id', (vector) => {
    const message = { ...vector, body: Buffer.from(vector.body) };
    expect(legacySignature(message)).toBe(vector.signature);
    expect(standardSignature(message)).toBe(vector.webhookSignature);
  });

  test('are accepted by an independent verifier, and refused with one byte changed', () => {
    const secret = newWebhookSecret();
    const body = Buffer.from('{"event":"complete","name":"Zoë"}');
    const timestampSeconds = Math.floor(Date.now() / 1_000);
    const headers = signatureHeaders({ secret, id: 'evt_1', timestampSeconds, body });
    const verifier = new Webhook(secret);
    expect(verifier.verify(body.toString(), headers)).toEqual({ event: 'complete', name: 'Zoë' });
    expect(() => verifier.verify(body.toString().replace('complete', 'Complete'), headers)).toThrow();
    expect(() => verifier.verify(body.toString(), { ...headers, 'webhook-id': 'evt_2' })).toThrow();
    expect(() => new Webhook(newWebhookSecret()).verify(body.toString(), headers)).toThrow();
  });

  test('come as four headers, of which `Signature` is the bare digest', () => {
    const message = {
      secret: newWebhookSecret(),
      id: 'evt_1',
      timestampSeconds: 1_767_225_600,
      body: Buffer.from('{}'),
    };
    expect(signatureHeaders(message)).toEqual({
      Signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      'webhook-id': 'evt_1',
      'webhook-timestamp': '1767225600',
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
  });

  test('cover bytes, not text: an invalid UTF-8 body is not repaired', () => {
    const secret = newWebhookSecret();
    const sign = (body: Buffer) => legacySignature({ secret, body });
    expect(sign(Buffer.of(0xff))).not.toBe(sign(Buffer.of(0xfe)));
    const standard = (body: Buffer) => standardSignature({ secret, id: 'e', timestampSeconds: 1, body });
    expect(standard(Buffer.of(0xff))).not.toBe(standard(Buffer.of(0xfe)));
  });

  test('have a secret of 32 random bytes', () => {
    const secret = newWebhookSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newWebhookSecret()).not.toBe(secret);
  });
});
