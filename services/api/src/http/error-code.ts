/** Whatever was thrown → a coded error: ours as they are, an outage as `unavailable`, the rest `internal` without detail. */
import { KeyGone } from '@livegate/crypto/envelope';
import { CodedError } from '@livegate/domain/errors';

// Postgres or the queue being away is not our bug: the caller may try again.
const OUTAGE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
]);

/** Never throws; keeps the original as `cause`. */
export function toCodedError(thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  if (thrown instanceof URIError) return new CodedError('invalid_request', 'The path is not valid.', { cause: thrown });
  if (isUnstorable(thrown))
    return new CodedError('invalid_request', 'The request holds a character that no text may hold.', { cause: thrown });
  if (isOutage(thrown)) return new CodedError('unavailable', 'Please try again shortly.', { cause: thrown });
  return new CodedError('internal', 'An unexpected failure; quote the reference.', { cause: thrown });
}

/** Postgres keeps no NUL in a text, and half of a surrogate pair is no character. */
function isUnstorable(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === '22021' || thrown.code === '22P05');
}

function isOutage(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  // The key directory is not there, or not that of this database: the deployment's fault, and mended without us.
  if (thrown instanceof KeyGone) return true;
  const code = 'code' in thrown ? String(thrown.code) : '';
  // node-postgres raises its connection failures as plain errors: these two carry no code to go by.
  const uncoded = ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'];
  return OUTAGE_CODES.has(code) || uncoded.includes(thrown.message);
}
