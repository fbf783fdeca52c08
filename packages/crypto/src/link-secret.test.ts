import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestLinkSecret, newLinkSecret } from './link-secret.ts';

test('a link secret is 256 random bits in base64url', () => {
  const secrets = Array.from({ length: 1_000 }, newLinkSecret);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(new Set(secrets).size).toBe(1_000);
});

test('its digest is SHA-256 of its characters', () => {
  expect(digestLinkSecret('abc')).toEqual(createHash('sha256').update('abc').digest());
});
