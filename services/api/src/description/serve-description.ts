/** `/openapi.json`, `/postman.json` and `/docs`: the description, for programs and for people. Public, and without a key. */
import { createHash } from 'node:crypto';
import { openApiDocument } from '@livegate/contracts/description/openapi';
import { postmanCollection } from '@livegate/contracts/description/postman';
import { CodedError } from '@livegate/domain/errors';
import express, { type RequestHandler, type Response, type Router } from 'express';
import { dataHeaders, docsHeaders } from '../http/security-headers.ts';
import { ASSETS_PATH, type DocsFiles, loadDocsFiles } from './docs-assets.ts';

export function descriptionRoutes({ publicUrl }: { publicUrl: () => string }): Router {
  const router = express.Router();
  const files = once(loadDocsFiles);
  router.get(
    '/openapi.json',
    dataHeaders,
    serveDocument(() => openApiDocument({ serverUrl: publicUrl() })),
  );
  router.get(
    '/postman.json',
    dataHeaders,
    serveDocument(() => postmanCollection({ serverUrl: publicUrl() })),
  );
  router.get('/docs', docsHeaders, servePage(files));
  router.get(`${ASSETS_PATH}/:name`, dataHeaders, serveAsset(files));
  return router;
}

/** The public address is known only once the server listens, so the document is made when it is first asked for. */
function serveDocument(make: () => unknown): RequestHandler {
  const made = once(() => Buffer.from(JSON.stringify(make())));
  return (_request, response) => {
    response.type('application/json');
    sendRevalidated(response, made());
  };
}

function servePage(files: () => Promise<DocsFiles>): RequestHandler {
  return async (_request, response) => {
    response.type('html');
    sendRevalidated(response, (await files()).page);
  };
}

/** Kept by caches, but asked for again each time: a new version is seen at once, an old one costs no bytes. */
function sendRevalidated(response: Response, body: Buffer): void {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  response.set('Cache-Control', 'no-cache').set('ETag', etag).send(body);
}

function serveAsset(files: () => Promise<DocsFiles>): RequestHandler {
  return async (request, response) => {
    const asset = (await files()).byName.get(String(request.params.name));
    if (!asset) throw new CodedError('not_found', 'There is nothing at this address.');
    response.type(asset.type).vary('Accept-Encoding').set('Cache-Control', 'public, max-age=31536000, immutable');
    if (!request.acceptsEncodings('gzip')) response.send(asset.body);
    else response.set('Content-Encoding', 'gzip').send(asset.zipped);
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
