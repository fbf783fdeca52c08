/** `DELETE /console/api/session`: the session is unknown from now on, whoever has its token. */
import { endOperatorSession } from '@livegate/db/operators';
import type { RequestHandler } from 'express';
import { noteAct } from './as-operator.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { operatorOf } from './require-right.ts';
import { clearSessionCookie, sessionDigestOf } from './session-cookie.ts';

export function signOut(deps: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const digest = sessionDigestOf(request, deps);
    if (digest) await endOperatorSession(deps.consoleDb, digest);
    await noteAct(deps.consoleDb, response, { action: 'session.closed', subject: operatorOf(response).name });
    clearSessionCookie(response, deps);
    response.status(204).end();
  };
}
