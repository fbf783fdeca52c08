/** Verifik's request, checked as its Joi schema would: the first fault, in Joi's words. */

import { CodedError } from '@livegate/domain/errors';
import { CONTRACTS } from '@livegate/domain/thresholds';

export type VerifikRequest = { os: string; image: string; collectionId: string | null; minScore: number };

const MAX_OS_LENGTH = 64;

/** Without a body the first required field is missing. Throws `invalid_request` with the message that the wire shows. */
export function parseVerifikRequest(body: unknown = {}): VerifikRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw fault('"value" must be of type object');
  const fields = body as Record<string, unknown>;
  const os = requiredText(fields, 'os');
  if (os.length > MAX_OS_LENGTH)
    throw fault(`"os" length must be less than or equal to ${MAX_OS_LENGTH} characters long`);
  return {
    os,
    image: requiredText(fields, 'image'),
    collectionId: optionalText(fields, 'collection_id'),
    minScore: score(fields),
  };
}

function requiredText(fields: Record<string, unknown>, name: string): string {
  if (fields[name] === undefined) throw fault(`"${name}" is required`);
  return text(fields[name], name);
}

function optionalText(fields: Record<string, unknown>, name: string): string | null {
  return fields[name] === undefined ? null : text(fields[name], name);
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw fault(`"${name}" must be a string`);
  // No such text can be stored.
  if (value.includes('\0')) throw fault(`"${name}" must not hold NUL characters`);
  if (value.length === 0) throw fault(`"${name}" is not allowed to be empty`);
  return value;
}

function score({ liveness_min_score: value }: Record<string, unknown>): number {
  if (value === undefined) return CONTRACTS.verifik.defaultThreshold;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw fault('"liveness_min_score" must be a number');
  if (value < 0) throw fault('"liveness_min_score" must be greater than or equal to 0');
  if (value > 1) throw fault('"liveness_min_score" must be less than or equal to 1');
  return value;
}

function fault(message: string): CodedError {
  return new CodedError('invalid_request', message);
}
