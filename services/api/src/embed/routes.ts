/** `/embed/<file>`: the script of `<livegate-check>`, for the sites of integrators. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CodedError } from '@livegate/domain/errors';
import express, { type Router } from 'express';

const SCRIPT = new URL('./dist/livegate-check.js', import.meta.resolve('@livegate/client/package.json'));

/** The name to write into a page leads to the one that changes with the content, which is kept for ever. */
const LASTING = 'livegate-check.js';

export async function embedRoutes(): Promise<Router> {
  const script = (await readFile(SCRIPT, 'utf8')).replace(/\n?\/\/# sourceMappingURL=.*/, '');
  const name = `livegate-check-${createHash('sha256').update(script).digest('hex').slice(0, 16)}.js`;
  const router = express.Router();
  router.get('/:file', (request, response) => {
    switch (request.params.file) {
      case LASTING:
        response.set('Cache-Control', 'public, max-age=300').redirect(302, `./${name}`);
        return;
      case name:
        response.set('Cache-Control', 'public, max-age=31536000, immutable').type('js').send(script);
        return;
      default:
        throw new CodedError('not_found', 'There is nothing at this address.');
    }
  });
  return router;
}
