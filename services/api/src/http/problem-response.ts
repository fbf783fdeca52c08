/** The error body of our own routes: RFC 9457. */
import { PROBLEMS, type Problem } from '@livegate/contracts/problems';
import { errorHandler } from './error-handler.ts';
import { referenceOf } from './reference.ts';

export const sendProblem = errorHandler((error, response) => {
  const { status, title } = PROBLEMS[error.code];
  const problem: Problem = {
    type: `urn:livegate:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    reference: referenceOf(response),
  };
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
});
