import { startApi } from '@livegate/test-kit/api';
import { expect, it } from 'vitest';

const { url } = await startApi();

/** Headers that differ between two answers of the same kind, or say nothing about safety. */
const PASSING = new Set(['date', 'x-request-id', 'content-length', 'connection', 'keep-alive', 'x-sandbox']);

async function headersOf(path: string): Promise<Record<string, string>> {
  const { headers } = await fetch(url + path, { redirect: 'manual' });
  return Object.fromEntries([...headers].filter(([name]) => !PASSING.has(name)));
}

const DATA = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

it.each(['/liveness_check?token=x', '/v2/face-recognition/liveness', '/checks/x/export', '/erasures/x', '/nothing'])(
  'answers that are data let nothing run, be framed or be kept: %s',
  async (path) => {
    const headers = await headersOf(path);
    expect(headers).toMatchObject({ ...DATA, 'cache-control': 'no-store' });
    expect(Object.keys(headers)).not.toContain('x-powered-by');
  },
);

it('the keys of receipts may be kept for a while, and by anybody', async () => {
  expect(await headersOf('/.well-known/jwks.json')).toMatchObject({ ...DATA, 'cache-control': 'public, max-age=300' });
});

it('the page loads nothing foreign, sends no referrer, and has the camera to itself', async () => {
  const headers = await headersOf('/c/unknown');
  expect(headers).toMatchObject({
    ...DATA,
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none';script-src 'self' 'wasm-unsafe-eval';style-src 'self';connect-src 'self';img-src 'self' blob: data:;media-src 'self' blob:;frame-ancestors 'none';base-uri 'none';form-action 'self'",
    'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  });
});
