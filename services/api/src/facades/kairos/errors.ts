/** Kairos' errors. 403 is for exceeded limits only, as the document says. */
import { PROBLEMS } from '@livegate/contracts/problems';
import type { ErrorCode } from '@livegate/domain/errors';
import { errorHandler } from '../../http/error-handler.ts';
import { referenceOf } from '../../http/reference.ts';

// The contract tells no more than that a request was wrong.
const STATUS: Partial<Record<ErrorCode, number>> = {
  unsupported_media_type: 400,
  unreadable_image: 400,
  image_too_large: 400,
  rate_limited: 403,
  quota_exceeded: 403,
  too_many_open_checks: 403,
  too_many_failures: 403,
};

export const sendKairosError = errorHandler((error, response) => {
  const status = STATUS[error.code] ?? PROBLEMS[error.code].status;
  // RFC 9110 wants a challenge with every 401; the scheme is no registered one, so that no browser asks for a password.
  if (status === 401) response.set('WWW-Authenticate', 'ApiKey header="app_id, app_key"');
  const body = { error: { code: error.code, message: error.message }, api_req_uid: referenceOf(response) };
  response.status(status).json(body);
});
