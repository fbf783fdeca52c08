/**
 * What a test key asks the sandbox to play, by the header `X-Sandbox-Scenario`; and the mark that every answer to a test
 * key carries.
 */
import { CodedError } from '@livegate/domain/errors';
import { findScenario, SandboxError, SCENARIOS } from '@livegate/domain/sandbox';
import type { RequestHandler, Response } from 'express';
import { callerOf } from '../http/authenticate.ts';

const HEADER = 'X-Sandbox-Scenario';

/**
 * Reads the header. A scenario that is an error on every address is answered here. Throws `invalid_request` for a
 * scenario that does not exist, and for a live key: who sends one there believes that nothing is real.
 */
export const chooseScenario: RequestHandler = (request, response, next) => {
  const name = request.get(HEADER);
  if (callerOf(response).mode === 'live') {
    if (name !== undefined) throw refusal('is for test keys only');
    return next();
  }
  response.set('X-Sandbox', 'true');
  if (name === undefined) return next();
  const scenario = findScenario(name);
  if (!scenario) throw refusal(`must be one of ${Object.keys(SCENARIOS).join(', ')}`);
  noteScenario(response, name);
  const { hosted, instant } = scenario;
  if (hosted.effect === 'refuse' && instant.effect === 'refuse') throw new SandboxError(hosted.code);
  next();
};

function refusal(why: string): CodedError {
  return new CodedError('invalid_request', `${HEADER} ${why}.`, { field: HEADER });
}

/** The scenario of the header, or null. */
export function scenarioOf(response: Response): string | null {
  return response.locals.scenario ?? null;
}

/** Tells the caller which scenario is played. */
export function noteScenario(response: Response, name: string): void {
  response.locals.scenario = name;
  response.set(HEADER, name);
}
