/** `/sandbox`: what there is to choose from, for people and for tests. Public: it says nothing about anybody. */

import { CodedError } from '@livegate/domain/errors';
import { findScenario, SCENARIOS } from '@livegate/domain/sandbox';
import express, { type Router } from 'express';
import { SANDBOX_PAGE_STYLE } from './page.ts';
import { scenarioImage } from './scenario-images.ts';

export function sandboxRoutes(publicUrl: () => string): Router {
  const router = express.Router();
  router.get('/scenarios', (_request, response) => {
    const scenarios = Object.entries(SCENARIOS).map(([name, { meaning }]) => ({
      name,
      meaning,
      image: `${publicUrl()}/sandbox/images/${name}.png`,
    }));
    response.json({ scenarios });
  });
  router.get('/images/:file', (request, response) => {
    const name = /^([a-z_]+)\.png$/.exec(String(request.params.file))?.[1];
    if (!name || !findScenario(name)) throw new CodedError('not_found', 'There is no scenario of this name.');
    response.type('png').send(scenarioImage(name));
  });
  router.get('/page.css', (_request, response) => void response.type('css').send(SANDBOX_PAGE_STYLE));
  return router;
}
