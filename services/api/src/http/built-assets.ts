/** Files of a Vite build, under names that change with their content: the smaller form where the browser takes it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Request, type RequestHandler } from 'express';

const FOR_EVER = { immutable: true, maxAge: '1y' } as const;

/** Encodings that the build leaves beside a file, the smaller first. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

const isCompressible = (name: string) => /^[\w-]+(\.[\w-]+)*\.(js|css|svg|wasm)$/.test(name);

export function builtAssets(folder: string): RequestHandler {
  const plain = express.static(folder, { ...FOR_EVER, index: false });
  return (request, response, next) => {
    const name = request.path.slice(1);
    const encoding = isCompressible(name) && ENCODINGS.find((known) => isAccepted(request, known.name));
    if (!encoding || !existsSync(join(folder, name + encoding.suffix))) return plain(request, response, next);
    response.set('Content-Encoding', encoding.name).vary('Accept-Encoding').type(name);
    // The type is that of what is inside.
    const headers = { 'Content-Type': response.get('Content-Type') };
    response.sendFile(name + encoding.suffix, { ...FOR_EVER, root: folder, headers });
  };
}

function isAccepted(request: Request, encoding: string): boolean {
  return request.acceptsEncodings(encoding) === encoding;
}
