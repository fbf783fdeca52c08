/** `GET /console/api/session`: who is signed in. */
import type { SessionAnswer } from '@livegate/contracts/console/session';
import type { OperatorSession } from '@livegate/db/operators';
import type { RequestHandler } from 'express';
import { BOARD_PATH } from './board.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { operatorOf } from './require-right.ts';

export function showOwnSession(deps: ConsoleDeps): RequestHandler {
  return (_request, response) => {
    const body: SessionAnswer = showSession(deps, operatorOf(response));
    response.json(body);
  };
}

export function showSession(
  { traceUrl, openBoard }: Pick<ConsoleDeps, 'traceUrl' | 'openBoard'>,
  session: OperatorSession,
): SessionAnswer {
  const { name, role, seesImages, endsAt } = session;
  return { name, role, seesImages, endsAt: endsAt.toISOString(), traceUrl, boardUrl: openBoard && BOARD_PATH };
}
