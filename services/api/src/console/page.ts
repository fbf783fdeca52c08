/** The console's static files. Every screen's address is answered with the one page; the rest is in its script. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';
import { builtAssets } from '../http/built-assets.ts';

const BUILD = new URL('./dist/', import.meta.resolve('@livegate/console/package.json'));

/** Read when it is first asked for: a start has nothing to do with it. */
export function consolePage(): RequestHandler {
  let html: Promise<string> | null = null;
  return async (_request, response) => {
    html ??= readFile(new URL('index.html', BUILD), 'utf8');
    response
      .set('Cache-Control', 'no-cache')
      .type('html')
      .send(await html);
  };
}

export function consoleAssets(): RequestHandler {
  return builtAssets(fileURLToPath(new URL('assets/', BUILD)));
}
