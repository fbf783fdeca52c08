/** What every request of an integrator passes before its body is read: who asks, how often, and what the sandbox is to play. */
import type { Queryable } from '@livegate/db/database';
import type { RequestHandler } from 'express';
import { chooseScenario } from '../sandbox/choose-scenario.ts';
import { authenticate, type Credentials } from './authenticate.ts';
import { limitKeyRate } from './rate-limit.ts';

export function admit(db: Queryable, credentials: Credentials): RequestHandler[] {
  return [authenticate(db, credentials), limitKeyRate(db), chooseScenario];
}
