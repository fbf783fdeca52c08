/** `GET /console/api/queues`: the queue as BullMQ sees it, and what waits as Postgres, the truth, has it. */
import type { QueuesAnswer } from '@livegate/contracts/console/overview';
import { measureBacklog } from '@livegate/db/backlog';
import { listWaitingBatches } from '@livegate/db/console-queries';
import type { RequestHandler } from 'express';
import type { ConsoleDeps } from './console-deps.ts';

const MOST_SHOWN = 50;

export function showQueues({ consoleDb, producer }: ConsoleDeps): RequestHandler {
  return async (_request, response) => {
    const [jobs, backlog, oldest] = await Promise.all([
      producer.count('inference').catch(() => null),
      measureBacklog(consoleDb),
      listWaitingBatches(consoleDb, MOST_SHOWN),
    ]);
    const body: QueuesAnswer = { jobs, backlog, oldest };
    response.json(body);
  };
}
