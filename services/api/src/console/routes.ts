/**
 * The console: a static page, and its api under `/console/api`. Internal, so it is no part of the public description: the
 * page and the api are one build, and nobody else may rely on it. ROUTES is THE table; a test goes through all of it with
 * every role and with none.
 */
import { hasOperators } from '@livegate/db/operators';
import { CodedError } from '@livegate/domain/errors';
import type { Right } from '@livegate/domain/operator-roles';
import express, { type RequestHandler, type Router } from 'express';
import { parseJson } from '../http/parse-body.ts';
import { sendProblem } from '../http/problem-response.ts';
import { boardHeaders, consoleHeaders, dataHeaders, noStore } from '../http/security-headers.ts';
import { queueBoard } from './board.ts';
import { addClient, listAllClients } from './clients.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { searchChecks } from './find-checks.ts';
import { addKey, listKeys, revokeKey } from './keys.ts';
import { listEveryDelivery, showEventDeliveries } from './list-deliveries.ts';
import { consoleAssets, consolePage } from './page.ts';
import { replayForOperator } from './replay.ts';
import { requireRight } from './require-right.ts';
import { claimWaiting, labelWaiting, listWaiting, showWaitingImages } from './review.ts';
import { requireSameSite } from './same-site.ts';
import { sayTooMuch } from './say-too-much.ts';
import { showCheck } from './show-check.ts';
import { showImages } from './show-images.ts';
import { showOverview } from './show-overview.ts';
import { showQueues } from './show-queues.ts';
import { showOwnSession } from './show-session.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { tryImage } from './try-image.ts';

type Route = {
  method: 'get' | 'post' | 'delete';
  path: string;
  /** What it takes; `anyone` is who is not signed in yet. */
  right: Right | 'anyone';
  story: (deps: ConsoleDeps) => RequestHandler;
  /** The body is the story's own to read. */
  raw?: true;
};

export const ROUTES: readonly Route[] = [
  { method: 'post', path: '/session', right: 'anyone', story: signIn },
  { method: 'get', path: '/session', right: 'viewer', story: showOwnSession },
  { method: 'delete', path: '/session', right: 'viewer', story: signOut },
  { method: 'get', path: '/overview', right: 'viewer', story: showOverview },
  { method: 'get', path: '/queues', right: 'viewer', story: showQueues },
  { method: 'get', path: '/checks', right: 'viewer', story: searchChecks },
  { method: 'get', path: '/checks/:reference', right: 'viewer', story: showCheck },
  { method: 'get', path: '/checks/:reference/images', right: 'images', story: showImages },
  { method: 'get', path: '/deliveries', right: 'viewer', story: listEveryDelivery },
  { method: 'get', path: '/events/:eventId', right: 'viewer', story: showEventDeliveries },
  { method: 'post', path: '/events/:eventId/replay', right: 'operator', story: replayForOperator },
  { method: 'get', path: '/reviews', right: 'images', story: listWaiting },
  { method: 'post', path: '/reviews/:reviewId/claim', right: 'images', story: claimWaiting },
  { method: 'get', path: '/reviews/:reviewId/images', right: 'images', story: showWaitingImages },
  { method: 'post', path: '/reviews/:reviewId/label', right: 'images', story: labelWaiting },
  { method: 'get', path: '/clients', right: 'viewer', story: listAllClients },
  { method: 'post', path: '/clients', right: 'admin', story: addClient },
  { method: 'get', path: '/clients/:clientId/keys', right: 'viewer', story: listKeys },
  { method: 'post', path: '/clients/:clientId/keys', right: 'admin', story: addKey },
  { method: 'post', path: '/keys/:keyId/revoke', right: 'admin', story: revokeKey },
  { method: 'post', path: '/try', right: 'operator', story: tryImage, raw: true },
];

/** Mounted at `/console`. Where nobody could sign in it answers as an address at which there is nothing. */
export function consoleRoutes(deps: ConsoleDeps): Router {
  const router = express.Router();
  router.use(requireOperators(deps));
  router.use('/api', dataHeaders, noStore, apiRoutes(deps));
  router.use('/assets', dataHeaders, consoleAssets());
  router.use('/board', boardHeaders, requireRight(deps, 'viewer'), queueBoard(deps.openBoard));
  router.get('/{*screen}', consoleHeaders, consolePage());
  router.use(sendProblem);
  return router;
}

function apiRoutes(deps: ConsoleDeps): Router {
  const router = express.Router();
  router.use(requireSameSite(deps));
  for (const { method, path, right, story, raw } of ROUTES) {
    const known = right === 'anyone' ? [] : [requireRight(deps, right)];
    router[method](path, ...known, ...(raw ? [] : [parseJson]), story(deps));
  }
  router.use(() => {
    throw new CodedError('not_found', 'There is nothing at this address.');
  });
  router.use(sayTooMuch);
  return router;
}

// Long enough to cost nothing, short enough that the first operator need not wait.
const LOOK_AGAIN_MS = 10_000;

function requireOperators({ consoleDb }: ConsoleDeps): RequestHandler {
  let foundAt = Number.NEGATIVE_INFINITY;
  return async (_request, _response, next) => {
    if (performance.now() - foundAt > LOOK_AGAIN_MS) {
      if (!(await hasOperators(consoleDb))) throw new CodedError('not_found', 'There is nothing at this address.');
      foundAt = performance.now();
    }
    next();
  };
}
