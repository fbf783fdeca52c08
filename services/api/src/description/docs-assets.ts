/** The files of the docs page: ours and the renderer's, each under a name that changes with its content. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, parse } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export const ASSETS_PATH = '/docs-assets';

export type Asset = { type: string; body: Buffer; zipped: Buffer };
/** `page`: the HTML, pointing at the assets; `byName`: hashed name → file. */
export type DocsFiles = { page: Buffer; byName: ReadonlyMap<string, Asset> };

const OURS = new URL('../../docs-page/', import.meta.url);
const RENDERER = new URL('./', import.meta.resolve('swagger-ui-dist/package.json'));
const FILES = [
  new URL('swagger-ui-bundle.js', RENDERER),
  new URL('swagger-ui.css', RENDERER),
  new URL('start.js', OURS),
  new URL('docs.css', OURS),
  new URL('icon.svg', OURS),
];
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads everything once: 2 MB, half a megabyte zipped. */
export async function loadDocsFiles(): Promise<DocsFiles> {
  const byName = new Map<string, Asset>();
  let html = await readFile(new URL('index.html', OURS), 'utf8');
  for (const file of FILES) {
    const body = await readFile(file);
    const { base, name, ext } = parse(file.pathname);
    const hashed = `${name}.${createHash('sha256').update(body).digest('hex').slice(0, 12)}${ext}`;
    byName.set(hashed, {
      type: TYPES[extname(base)] as string,
      body,
      zipped: await promisify(gzip)(body, { level: 9 }),
    });
    html = html.replace(`%${base}%`, `${ASSETS_PATH}/${hashed}`);
  }
  return { page: Buffer.from(html), byName };
}
