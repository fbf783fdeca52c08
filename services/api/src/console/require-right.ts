/** Lets pass who is signed in and has the right that the route asks for; from then on to be had as `operatorOf(response)`. */
import { findOperatorSession, type OperatorSession, touchOperatorSession } from '@livegate/db/operators';
import { CodedError } from '@livegate/domain/errors';
import { hasRight, type Right } from '@livegate/domain/operator-roles';
import type { RequestHandler, Response } from 'express';
import type { ConsoleDeps } from './console-deps.ts';
import { isPresent } from './same-site.ts';
import { sessionDigestOf } from './session-cookie.ts';

/** Fails with `unauthenticated` without a session, with `forbidden` without the right. */
export function requireRight(deps: Pick<ConsoleDeps, 'consoleDb' | 'publicUrl'>, right: Right): RequestHandler {
  return async (request, response, next) => {
    const digest = sessionDigestOf(request, deps);
    const session = digest && (await findOperatorSession(deps.consoleDb, digest));
    if (!digest || !session) throw new CodedError('unauthenticated', 'Please sign in.');
    if (!session.seenLately && isPresent(request)) await touchOperatorSession(deps.consoleDb, digest);
    if (!hasRight(session, right)) throw new CodedError('forbidden', WORDS[right]);
    response.locals.operator = session;
    next();
  };
}

const WORDS: Record<Right, string> = {
  viewer: 'This needs an operator.',
  operator: 'This needs the role operator or admin.',
  admin: 'This needs the role admin.',
  images: 'This needs the right to see images.',
};

/** Who asks, on a route behind `requireRight`. */
export function operatorOf(response: Response): OperatorSession {
  const operator = response.locals.operator as OperatorSession | undefined;
  if (!operator) throw new Error('This route does not ask who is signed in.');
  return operator;
}
