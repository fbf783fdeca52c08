/** `/capture-assets/<file>`: what the page is made of, under names that change with their content. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Request, type RequestHandler } from 'express';
import type { PageDetector } from './detector.ts';

const FOLDER = fileURLToPath(new URL('./dist/assets/', import.meta.resolve('@livegate/capture-page/package.json')));
const FOR_EVER = { immutable: true, maxAge: '1y' } as const;

/** Encodings that the build leaves beside a file, the smaller first. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

const isCompressible = (name: string) => /^[\w-]+(\.[\w-]+)*\.(js|css|svg|wasm)$/.test(name);

/** Files of the build, the smaller form where the browser takes it, and the detector. */
export function captureAssets(detector: PageDetector | null): RequestHandler {
  const plain = express.static(FOLDER, { ...FOR_EVER, index: false });
  return (request, response, next) => {
    const name = request.path.slice(1);
    if (name === detector?.name) {
      response.set('Cache-Control', 'public, max-age=31536000, immutable');
      response.type('application/octet-stream').send(detector.bytes);
      return;
    }
    const encoding = isCompressible(name) && ENCODINGS.find((known) => isAccepted(request, known.name));
    if (!encoding || !existsSync(join(FOLDER, name + encoding.suffix))) return plain(request, response, next);
    response.set('Content-Encoding', encoding.name).vary('Accept-Encoding').type(name);
    // The type is that of what is inside.
    const headers = { 'Content-Type': response.get('Content-Type') };
    response.sendFile(name + encoding.suffix, { ...FOR_EVER, root: FOLDER, headers });
  };
}

function isAccepted(request: Request, encoding: string): boolean {
  return request.acceptsEncodings(encoding) === encoding;
}
