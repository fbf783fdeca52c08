/** `GET /events`: the client's events, newest first. */
import { type EventListResponse, listEventsQuery } from '@livegate/contracts/events';
import type { Queryable } from '@livegate/db/database';
import { listEvents } from '@livegate/db/events';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readQuery } from '../http/parse-body.ts';
import { showEvent } from './event-views.ts';
import { cutPage, readPage } from './page-cursor.ts';

export function listClientEvents({ db }: { db: Queryable }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const { since, until, ...query } = readQuery(request, listEventsQuery);
    const rows = await listEvents(db, {
      clientId,
      page: readPage(query),
      type: query.type,
      since: since === undefined ? undefined : new Date(since),
      until: until === undefined ? undefined : new Date(until),
    });
    const { shown, nextCursor } = cutPage(rows, query.limit);
    const body: EventListResponse = { events: shown.map(showEvent), next_cursor: nextCursor };
    response.json(body);
  };
}
