/** `GET /events/{id}`: one event with its deliveries and the log of their attempts. */
import type { EventResponse } from '@livegate/contracts/events';
import type { Queryable } from '@livegate/db/database';
import { findEvent, listAttemptsOfEvent, listDeliveriesOfEvent } from '@livegate/db/events';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { showAttempt, showDelivery, showEvent } from './event-views.ts';

export function getEvent({ db }: { db: Queryable }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const event = await findEvent(db, { clientId, eventId: String(request.params.eventId) });
    if (!event) throw new CodedError('unknown_event', 'There is no such event.');
    const [deliveries, attempts] = [await listDeliveriesOfEvent(db, event.id), await listAttemptsOfEvent(db, event.id)];
    const body: EventResponse = {
      ...showEvent(event),
      deliveries: deliveries.map((delivery) => ({
        ...showDelivery(delivery),
        attempts: attempts.filter(({ deliveryId }) => deliveryId === delivery.id).map(showAttempt),
      })),
    };
    response.json(body);
  };
}
