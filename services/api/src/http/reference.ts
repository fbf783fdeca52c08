/** Every answer carries a reference (UUID v4): the check's where there is one, else this request's. Also as X-Request-ID. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

export const assignReference: RequestHandler = (_request, response, next) => {
  setReference(response, randomUUID());
  next();
};

/** The reference of this answer. */
export function referenceOf(response: Response): string {
  return response.locals.reference as string;
}

/** From here on the answer speaks of the thing with this reference. */
export function setReference(response: Response, reference: string): void {
  response.locals.reference = reference;
  response.set('X-Request-ID', reference);
}
