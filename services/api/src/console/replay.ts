/** `POST /console/api/events/{id}/replay`: tells an event again, under its old id. */
import { type ReplayAnswer, replayDeliveryRequest } from '@livegate/contracts/console/deliveries';
import { findClientOfEvent, replayEvent } from '@livegate/db/replays';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { readOptionalBody } from '../http/parse-body.ts';
import { asOperator, noteAct } from './as-operator.ts';
import type { ConsoleDeps } from './console-deps.ts';

export function replayForOperator({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const eventId = String(request.params.eventId);
    const { deliveryId = null } = readOptionalBody(request, replayDeliveryRequest);
    const clientId = await findClientOfEvent(consoleDb, eventId);
    if (!clientId) throw new CodedError('unknown_event', 'There is no such event.');
    const deliveryIds = await asOperator(consoleDb, response, async (tx) => {
      const replayed = await replayEvent(tx, { clientId, eventId, deliveryId });
      if (replayed.length === 0) {
        throw new CodedError('nothing_to_replay', 'Its endpoint is disabled or deleted, or it is older than 30 days.');
      }
      await noteAct(tx, response, { action: 'event.replayed', clientId, subject: eventId, details: { deliveryId } });
      return replayed;
    });
    const body: ReplayAnswer = { deliveryIds };
    response.status(202).json(body);
  };
}
