/** `GET /console/api/deliveries`, and one event's with the log of their attempts. */
import {
  type DeliveryListAnswer,
  type DeliveryRow,
  type EventAnswer,
  listDeliveriesQuery,
} from '@livegate/contracts/console/deliveries';
import { type ConsoleDelivery, listAllDeliveries, listDeliveriesOf } from '@livegate/db/console-queries';
import { type ListedAttempt, listAttemptsOfEvent } from '@livegate/db/events';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { readQuery } from '../http/parse-body.ts';
import { cutPage, readPage } from '../platform/page-cursor.ts';
import type { ConsoleDeps } from './console-deps.ts';

const SHOWN = 25;

export function listEveryDelivery({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const { state, cursor } = readQuery(request, listDeliveriesQuery);
    const rows = await listAllDeliveries(consoleDb, { page: readPage({ limit: SHOWN, cursor }), state });
    const { shown, nextCursor } = cutPage(rows, SHOWN);
    const body: DeliveryListAnswer = { deliveries: shown.map(showConsoleDelivery), nextCursor };
    response.json(body);
  };
}

export function showEventDeliveries({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const eventId = String(request.params.eventId);
    const deliveries = await listDeliveriesOf(consoleDb, { eventId });
    if (deliveries.length === 0) throw new CodedError('unknown_event', 'There is no such event with a delivery.');
    const attempts = await listAttemptsOfEvent(consoleDb, eventId);
    const body: EventAnswer = {
      deliveries: deliveries.map((delivery) => ({
        ...showConsoleDelivery(delivery),
        attempts: attempts.filter(({ deliveryId }) => deliveryId === delivery.id).map(showAttempt),
      })),
    };
    response.json(body);
  };
}

export function showConsoleDelivery({ place: _, ...delivery }: ConsoleDelivery): DeliveryRow {
  return {
    ...delivery,
    createdAt: delivery.createdAt.toISOString(),
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    deliveredAt: delivery.deliveredAt?.toISOString() ?? null,
    deadAt: delivery.deadAt?.toISOString() ?? null,
  };
}

function showAttempt(attempt: ListedAttempt): EventAnswer['deliveries'][number]['attempts'][number] {
  const { number, manual, elapsedMs, outcome, status, errorCode, dialledAddress } = attempt;
  return {
    ...{ number, manual, elapsedMs, outcome, status, errorCode, dialledAddress },
    startedAt: attempt.startedAt.toISOString(),
    response: attempt.response?.toString('utf8') ?? null,
    nextAttemptAt: attempt.nextAttemptAt?.toISOString() ?? null,
  };
}
