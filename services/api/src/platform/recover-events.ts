/** `POST /events/recover`: makes the finished deliveries of a time range again, after a receiver was away. */
import { type RecoverResponse, recoverRequest } from '@livegate/contracts/events';
import type { Database } from '@livegate/db/database';
import { recoverDeliveries } from '@livegate/db/replays';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readBody } from '../http/parse-body.ts';

const MOST_AT_ONCE = 1_000;

export function recoverClientEvents({ db }: { db: Database }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const wish = readBody(request, recoverRequest);
    const since = new Date(wish.since);
    const until = wish.until === undefined ? null : new Date(wish.until);
    if (until && until <= since)
      throw new CodedError('invalid_request', 'until must be after since.', { field: 'until' });
    const recovered = await db.transaction((tx) =>
      recoverDeliveries(tx, { clientId, since, until, which: wish.which, limit: MOST_AT_ONCE }),
    );
    const body: RecoverResponse = { recovered, more: recovered === MOST_AT_ONCE };
    response.status(202).json(body);
  };
}
