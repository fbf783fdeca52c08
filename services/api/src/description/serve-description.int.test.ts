import { startApi } from '@livegate/test-kit/api';
import request from 'supertest';
import { describe, expect, it } from 'vitest';

const { url } = await startApi();

describe.each(['/openapi.json', '/postman.json', '/docs'])('%s', (path) => {
  it('needs no key, is kept, and asked for again by its tag', async () => {
    const first = await fetch(url + path);
    expect(first.status).toBe(200);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    // Not with fetch, which asks for a fresh copy whenever it is given a condition.
    const askAgain = (tag: string) => request(url).get(path).set('If-None-Match', tag);
    expect((await askAgain(etag)).status).toBe(304);
    expect((await askAgain('"old"')).status).toBe(200);
  });
});

describe('the description', () => {
  it('names the public address', async () => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as { servers: unknown[] };
    expect(document.servers).toEqual([{ url, description: 'This server' }]);
    const collection = (await (await fetch(`${url}/postman.json`)).json()) as { variable: unknown[] };
    expect(collection.variable).toContainEqual(expect.objectContaining({ key: 'baseUrl', value: url }));
  });

  it('has a page that runs nothing but its own files, each immutable under its name', async () => {
    const page = await fetch(`${url}/docs`);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    const files = (await page.text()).match(/(?<=(?:src|href)=")\/docs-assets\/[^"]+/g) ?? [];
    expect(files).toHaveLength(5);
    for (const file of files) {
      const zipped = await fetch(url + file);
      expect(zipped.status).toBe(200);
      expect(zipped.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(zipped.headers.get('vary')).toContain('Accept-Encoding');
      expect(zipped.headers.get('content-encoding')).toBe('gzip');
      const plain = await fetch(url + file, { headers: { 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect((await plain.text()) === (await zipped.text())).toBe(true);
    }
  });

  it('has no file under another name', async () => {
    for (const name of ['start.js', '..%2f..%2fpackage.json', 'constructor'])
      expect((await fetch(`${url}/docs-assets/${name}`)).status).toBe(404);
  });
});
