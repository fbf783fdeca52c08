/** `POST /events/{id}/replay`: tells an event again, under its old id. */
import { type ReplayResponse, replayRequest } from '@livegate/contracts/events';
import type { Database } from '@livegate/db/database';
import { findEvent } from '@livegate/db/events';
import { replayEvent } from '@livegate/db/replays';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readOptionalBody } from '../http/parse-body.ts';

export function replayClientEvent({ db }: { db: Database }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const { delivery_id: deliveryId } = readOptionalBody(request, replayRequest);
    const event = await findEvent(db, { clientId, eventId: String(request.params.eventId) });
    if (!event) throw new CodedError('unknown_event', 'There is no such event.');
    const deliveryIds = await db.transaction((tx) =>
      replayEvent(tx, { clientId, eventId: event.id, deliveryId: deliveryId ?? null }),
    );
    if (deliveryIds.length === 0) {
      throw new CodedError(
        'nothing_to_replay',
        'The event has no delivery that can be made again: none was asked for, its endpoint is disabled or deleted, or it is older than 30 days.',
      );
    }
    const body: ReplayResponse = { event_id: event.id, delivery_ids: deliveryIds };
    response.status(202).json(body);
  };
}
