import { newApiKey } from '@livegate/crypto/api-key';
import { newLinkSecret } from '@livegate/crypto/link-secret';
import { newWebhookSecret } from '@livegate/crypto/webhook-signature';
import { expect, it } from 'vitest';
import { redactResponse } from './redact-response.ts';

const kept = (text: string, known: string[] = []) => redactResponse(Buffer.from(text), known).toString();

it('keeps what helps to find a fault', () => {
  expect(kept('{"error":"no such order","id":42}\n')).toBe('{"error":"no such order","id":42}\n');
});

it.each([
  ['a webhook secret', newWebhookSecret()],
  ['an API key', newApiKey('live')],
  ['a capture link', `/c/${newLinkSecret()}`],
  ['a bearer token', 'Bearer abc.def-ghi'],
  ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
  ['an image', `data:image/jpeg;base64,${Buffer.alloc(90).toString('base64')}`],
])('takes out %s', (_name, secret) => {
  expect(kept(`before ${secret} after`)).toBe('before [redacted] after');
});

it('takes out what it is told to: the signature that was sent', () => {
  expect(kept('expected 0a1b2c, got it', ['0a1b2c'])).toBe('expected [redacted], got it');
});

it('keeps 16 KB at the most, as text that every reader can show', () => {
  expect(redactResponse(Buffer.alloc(70_000, 'x'))).toHaveLength(16_384);
  expect(redactResponse(Buffer.alloc(16_384, 0xff)).length).toBeLessThanOrEqual(16_384);
  expect(redactResponse(Buffer.from([0x61, 0x00, 0x1b, 0x62])).toString()).toBe('a  b');
});
