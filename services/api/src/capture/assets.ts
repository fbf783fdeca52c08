/** `GET /capture-assets/<file>`: scripts, styles and WebAssembly under names that change with their content. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Request, Router } from 'express';

const FOLDER = fileURLToPath(new URL('./dist/assets/', import.meta.resolve('@livegate/capture-page/package.json')));

/** Encodings that the build leaves beside a file, the smaller first. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

const isPlainName = (name: string) => /^[\w-]+(\.[\w-]+)*\.(js|css|svg|wasm)$/.test(name);

export function captureAssets(): Router {
  const router = Router();
  router.get('/:name', (request, response, next) => {
    const { name } = request.params;
    const encoding = isPlainName(name) ? ENCODINGS.find((known) => isAccepted(request, known.name)) : undefined;
    if (!encoding || !existsSync(join(FOLDER, name + encoding.suffix))) return next();
    response.set('Content-Encoding', encoding.name).vary('Accept-Encoding').type(name);
    response.sendFile(name + encoding.suffix, {
      root: FOLDER,
      immutable: true,
      maxAge: '1y',
      // The type is that of what is inside.
      headers: { 'Content-Type': response.get('Content-Type') },
    });
  });
  router.use(express.static(FOLDER, { immutable: true, maxAge: '1y', index: false }));
  return router;
}

function isAccepted(request: Request, encoding: string): boolean {
  return request.acceptsEncodings(encoding) === encoding;
}
