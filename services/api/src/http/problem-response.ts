/** The error body of our own routes: RFC 9457. */
import { type Problem, PROBLEMS } from '@livegate/contracts/problems';
import type { ErrorRequestHandler } from 'express';
import { toCodedError } from './error-code.ts';
import { noteError } from './request-log.ts';
import { referenceOf } from './reference.ts';

export const sendProblem: ErrorRequestHandler = (thrown, _request, response, next) => {
  const error = toCodedError(thrown);
  noteError(response, error);
  if (response.headersSent) return next(thrown);
  const { status, title } = PROBLEMS[error.code];
  const problem: Problem = {
    type: `urn:livegate:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    reference: referenceOf(response),
  };
  if (status === 503) response.set('Retry-After', '2');
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
};
