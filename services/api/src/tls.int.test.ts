import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { dirname, join } from 'node:path';
import { startApi } from '@livegate/test-kit/api';
import { makeCertificate } from '@livegate/test-kit/certificate';
import { describe, expect, it } from 'vitest';
import { readTlsPair } from './http/tls-pair.ts';

const own = await makeCertificate();
const other = await makeCertificate();

describe.skipIf(!own || !other)('https of our own', async () => {
  const { certPath, keyPath } = own ?? { certPath: '', keyPath: '' };
  const pair = (given: Partial<Parameters<typeof readTlsPair>[0]>) =>
    readTlsPair({ certPath, keyPath, publicUrl: undefined, ...given });
  const file = async (name: string, text: string) => {
    const path = join(dirname(certPath), name);
    await writeFile(path, text);
    return path;
  };

  it('serves https to a client that trusts the certificate, and gives https links out', async () => {
    const api = await startApi({ env: { LIVEGATE_TLS_CERT: certPath, LIVEGATE_TLS_KEY: keyPath } });
    expect(api.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const created = await post(`${api.url}/liveness_check`, {
      ca: await readFile(certPath),
      key: api.apiKey,
      body: { return_url: 'https://example.com/' },
    });
    expect(created.status).toBe(201);
    expect(JSON.parse(created.body).url.startsWith(`${api.url}/c/`)).toBe(true);
    // The certificate is looked at: another authority is not believed.
    const strange = await readFile(other?.certPath ?? '');
    await expect(post(`${api.url}/liveness_check`, { ca: strange, key: api.apiKey, body: {} })).rejects.toThrow(
      /self-signed/,
    );
    // Plain http gets no answer on this port.
    await expect(fetch(api.url.replace('https:', 'http:'))).rejects.toThrow();
  });

  it.each([
    ['the certificate alone', { keyPath: undefined }, 'LIVEGATE_TLS_CERT is set and LIVEGATE_TLS_KEY is not'],
    ['the key alone', { certPath: undefined }, 'LIVEGATE_TLS_KEY is set and LIVEGATE_TLS_CERT is not'],
    ['a file that is not there', { certPath: '/nowhere/cert.pem' }, 'cannot be read from /nowhere/cert.pem (ENOENT)'],
    ['a folder', { keyPath: '/tmp' }, 'LIVEGATE_TLS_KEY cannot be read from /tmp (EISDIR)'],
    ['the key of another certificate', { keyPath: other?.keyPath }, 'is not the key of LIVEGATE_TLS_CERT'],
    ['the two mixed up', { certPath: keyPath, keyPath: certPath }, 'holds no certificate in PEM form'],
    ['a certificate in place of the key', { keyPath: certPath }, 'holds no private key in PEM form'],
    ['http links', { publicUrl: 'http://example.com' }, 'LIVEGATE_PUBLIC_URL starts with http://'],
  ])('refuses %s, and says so', async (_name, given, words) => {
    await expect(pair(given)).rejects.toThrow(words);
    await expect(pair(given)).rejects.toMatchObject({ name: 'SettingsError' });
  });

  it('does not start with half a pair', async () => {
    await expect(startApi({ env: { LIVEGATE_TLS_KEY: keyPath } })).rejects.toThrow('https needs both, or neither');
  });

  it('takes a chain, its own certificate first', async () => {
    const [mine, theirs] = await Promise.all([readFile(certPath, 'utf8'), readFile(other?.certPath ?? '', 'utf8')]);
    expect(await pair({ certPath: await file('chain.pem', mine + theirs) })).not.toBeNull();
    await expect(pair({ certPath: await file('wrong.pem', theirs + mine) })).rejects.toThrow('must come first');
  });

  it('is off when neither is set', async () => {
    expect(await pair({ certPath: undefined, keyPath: undefined })).toBeNull();
  });
});

function post(url: string, { ca, key, body }: { ca: Buffer; key: string; body: object }) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const asked = request(url, { method: 'POST', ca, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}
