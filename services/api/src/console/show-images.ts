/** `GET /console/api/checks/{reference}/images`: what is kept of a check, for who may see it. Noted before it is given out. */
import type { CheckImagesAnswer } from '@livegate/contracts/console/checks';
import { findCheckById } from '@livegate/db/checks';
import { asClient } from '@livegate/db/client-scope';
import type { RequestHandler } from 'express';
import { loadKeptImages } from '../handlers/load-kept-images.ts';
import { noteAct } from './as-operator.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { requireCheck } from './show-check.ts';

export function showImages(deps: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const { id, clientId } = await requireCheck(deps, request);
    const images = await asClient(clientId, async () => {
      const check = await findCheckById(deps.db, id);
      return check ? await loadKeptImages(deps, check) : [];
    });
    await noteAct(deps.consoleDb, response, {
      action: 'images.read',
      clientId,
      subject: id,
      details: { images: images.length },
    });
    const body: CheckImagesAnswer = {
      images: images.map(({ role, jpeg, boundingBox }) => ({
        role,
        image: `data:image/jpeg;base64,${jpeg.toString('base64')}`,
        box: boundingBox,
      })),
    };
    response.json(body);
  };
}
