import { webhookBody } from '@livegate/contracts/webhook-event';
import { newWebhookSecret, signatureHeaders } from '@livegate/crypto/webhook-signature';
import { describe, expect, it } from 'vitest';
import { verifyWebhook } from './verify-webhook.ts';

const secret = newWebhookSecret();
const now = new Date('2026-01-01T00:00:00Z');
const facts = {
  id: 'evt_1',
  event: 'complete',
  token: 't',
  reference: '9b2f1c1e-5d4a-4a6e-8a0e-1f2b3c4d5e6f',
  createdAt: now,
  sequence: 1,
} as const;
const body = webhookBody(facts);
const headers = signatureHeaders({ secrets: [secret], id: 'evt_1', timestampSeconds: now.getTime() / 1_000, body });
const verify = (change: Partial<Parameters<typeof verifyWebhook>[0]> = {}) =>
  verifyWebhook({ secret, headers, body, now, ...change });

describe('verifyWebhook', () => {
  it('returns the event of a real delivery, also when the secret is being rotated', () => {
    expect(verify()).toMatchObject({ id: 'evt_1', event: 'complete', token: 't' });
    expect(
      verify({ headers: { ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` } }),
    ).not.toBeNull();
  });

  it('takes what the platform hands over: Headers, an array, text', () => {
    expect(verify({ headers: new Headers(headers), body: body.toString() })).not.toBeNull();
    expect(verify({ body: new Uint8Array(body) })).not.toBeNull();
    expect(verify({ secret: `${secret}\n` })).not.toBeNull();
    expect(verify({ headers: new Headers() })).toBeNull();
  });

  it.each([
    ['another secret', { secret: newWebhookSecret() }],
    ['an altered body', { body: Buffer.from(body.toString().replace('complete', 'failed')) }],
    ['a replay after five minutes', { now: new Date(now.getTime() + 301_000) }],
    ['a time from the future', { now: new Date(now.getTime() - 301_000) }],
    ['another id', { headers: { ...headers, 'webhook-id': 'evt_2' } }],
    ['another time', { headers: { ...headers, 'webhook-timestamp': String(now.getTime() / 1_000 + 1) } }],
    ['no signature', { headers: {} }],
    ['an empty signature', { headers: { ...headers, 'webhook-signature': '' } }],
  ])('refuses %s', (_name, change) => {
    expect(verify(change)).toBeNull();
  });

  it.each(['', 'whsec_', 'whsec_AAAA', secret.slice(6)])('takes no %j for a secret: everybody has it', (none) => {
    expect(() => verify({ secret: none })).toThrow(TypeError);
  });

  it('refuses a signed body whose id is not that of the header', () => {
    const other = signatureHeaders({ secrets: [secret], id: 'evt_9', timestampSeconds: now.getTime() / 1_000, body });
    expect(verify({ headers: other })).toBeNull();
  });
});
