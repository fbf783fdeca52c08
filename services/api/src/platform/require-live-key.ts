/** Events and endpoints are of real checks: a test key has no business with them. Fails with `live_key_required`. */
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';

export const requireLiveKey: RequestHandler = (_request, response, next) => {
  if (callerOf(response).mode === 'live') return next();
  throw new CodedError('live_key_required', 'Test keys have no events and no endpoints here: use a live key.');
};
