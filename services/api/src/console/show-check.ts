/** `GET /console/api/checks/{reference}`: one check with all that happened to it, and never an image. */
import type { CheckAnswer } from '@livegate/contracts/console/checks';
import { findCheckTimeline } from '@livegate/db/check-timeline';
import { type FoundCheck, findCheckNamed, listDeliveriesOf } from '@livegate/db/console-queries';
import { CodedError } from '@livegate/domain/errors';
import type { Request, RequestHandler } from 'express';
import type { ConsoleDeps } from './console-deps.ts';
import { showFound } from './find-checks.ts';
import { showConsoleDelivery } from './list-deliveries.ts';

export function showCheck({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const found = await requireCheck({ consoleDb }, request);
    const [timeline, deliveries] = await Promise.all([
      findCheckTimeline(consoleDb, found.id),
      listDeliveriesOf(consoleDb, { checkId: found.id }),
    ]);
    if (!timeline) throw unknown();
    const body = {
      ...timeline,
      check: { ...showFound(found), ...timeline.check },
      deliveries: deliveries.map(showConsoleDelivery),
    } as CheckAnswer;
    response.json(body);
  };
}

/** The check that the path names. Throws `unknown_check`. */
export async function requireCheck(
  { consoleDb }: Pick<ConsoleDeps, 'consoleDb'>,
  request: Request,
): Promise<FoundCheck> {
  const text = String(request.params.reference).toLowerCase();
  const found = UUID.test(text) ? await findCheckNamed(consoleDb, { by: 'reference', text }) : null;
  if (!found) throw unknown();
  return found;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const unknown = () => new CodedError('unknown_check', 'There is no such check.');
