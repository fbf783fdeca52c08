/** `GET /deliveries`: the client's deliveries, newest first; `?state=dead` are the dead letters. */
import { type DeliveryListResponse, listDeliveriesQuery } from '@livegate/contracts/events';
import type { Queryable } from '@livegate/db/database';
import { listDeliveries } from '@livegate/db/events';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readQuery } from '../http/parse-body.ts';
import { showDelivery } from './event-views.ts';
import { cutPage, readPage } from './page-cursor.ts';

export function listClientDeliveries({ db }: { db: Queryable }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const query = readQuery(request, listDeliveriesQuery);
    const rows = await listDeliveries(db, { clientId, page: readPage(query), state: query.state });
    const { shown, nextCursor } = cutPage(rows, query.limit);
    const body: DeliveryListResponse = { deliveries: shown.map(showDelivery), next_cursor: nextCursor };
    response.json(body);
  };
}
