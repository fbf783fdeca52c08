/** `/console/board`: BullMQ's own board, where the queue is on Redis. To look at only: nothing but GET is mounted. */
import { CodedError } from '@livegate/domain/errors';
import type { QueueBoard } from '@livegate/queues/queue-board';
import express, { type RequestHandler, type Router } from 'express';

export const BOARD_PATH = '/console/board';

/** Opened by the first who looks; `open` is null where the queue is on Postgres. */
export function queueBoard(open: (() => Promise<QueueBoard>) | null): RequestHandler {
  let router: Promise<Router> | null = null;
  return async (request, response, next) => {
    if (!open) throw new CodedError('not_found', 'The queue is on Postgres: see the console’s own page.');
    router ??= open().then(mount);
    router.catch(() => {
      router = null;
    });
    (await router)(request, response, next);
  };
}

function mount(board: QueueBoard): Router {
  const router = express.Router();
  router.use('/static', express.static(board.staticFolder, { maxAge: '1h', index: false }));
  for (const { path, answer } of board.routes) {
    router.get(path, async (request, response) => {
      const params = request.params as Record<string, string>;
      const { status, body } = await answer({ params, query: request.query as Record<string, string> });
      response.status(status).set('Cache-Control', 'no-store').json(body);
    });
  }
  router.get('/{*screen}', async (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(await board.page(`${BOARD_PATH}/`));
  });
  return router;
}
