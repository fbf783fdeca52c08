/** Kairos' errors. 403 is for exceeded limits only, as the document says. */
import { randomUUID } from 'node:crypto';
import { PROBLEMS } from '@livegate/contracts/problems';
import type { ErrorCode } from '@livegate/domain/errors';
import { errorHandler } from '../../http/error-handler.ts';

// The contract tells no more than that a request was wrong.
const STATUS: Partial<Record<ErrorCode, number>> = {
  unsupported_media_type: 400,
  unreadable_image: 400,
  image_too_large: 400,
  rate_limited: 403,
  quota_exceeded: 403,
  too_many_open_checks: 403,
};

export const sendKairosError = errorHandler((error, response) => {
  const status = STATUS[error.code] ?? PROBLEMS[error.code].status;
  response.status(status).json({ error: { code: error.code, message: error.message }, api_req_uid: randomUUID() });
});
