/** `/capture-assets/<file>`: what the page is made of, under names that change with their content. */
import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';
import { builtAssets } from '../http/built-assets.ts';
import type { PageDetector } from './detector.ts';

const FOLDER = fileURLToPath(new URL('./dist/assets/', import.meta.resolve('@livegate/capture-page/package.json')));

/** Files of the build, and the detector. */
export function captureAssets(detector: PageDetector | null): RequestHandler {
  const built = builtAssets(FOLDER);
  return (request, response, next) => {
    if (request.path.slice(1) !== detector?.name) return built(request, response, next);
    response.set('Cache-Control', 'public, max-age=31536000, immutable');
    response.type('application/octet-stream').send(detector.bytes);
  };
}
