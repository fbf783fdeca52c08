/** `/brand/<file>`: clients' logos and colours for the capture page, under names that change with their content. */
import { findLogo } from '@livegate/db/client-page';
import type { Queryable } from '@livegate/db/database';
import { CodedError } from '@livegate/domain/errors';
import express, { type Router } from 'express';
import { logoDigest } from './logo-address.ts';
import { readThemeFile, themeSheet } from './page-theme.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';

export function brandRoutes({ db }: { db: Queryable }): Router {
  const router = express.Router();
  router.get('/:file', async (request, response) => {
    const file = String(request.params.file);
    const palettes = readThemeFile(file);
    if (palettes) {
      response.set('Cache-Control', FOR_EVER).type('css').send(themeSheet(palettes));
      return;
    }
    const digest = logoDigest(file);
    const picture = digest && (await findLogo(db, digest));
    if (!picture) throw new CodedError('not_found', 'There is nothing at this address.');
    response.set('Cache-Control', FOR_EVER).type('png').send(picture);
  });
  return router;
}
