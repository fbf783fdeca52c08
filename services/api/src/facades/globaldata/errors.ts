/** GlobalData's error shape; the statuses are those of the one problem table. */
import type { ErrorResponse } from '@livegate/contracts/globaldata';
import { PROBLEMS } from '@livegate/contracts/problems';
import type { ErrorCode } from '@livegate/domain/errors';
import { errorHandler } from '../../http/error-handler.ts';
import { referenceOf } from '../../http/reference.ts';

// The contract knows 400 for whatever is wrong with a body, its content type included.
const STATUS: Partial<Record<ErrorCode, number>> = { unsupported_media_type: 400 };

export const sendGlobaldataError = errorHandler((error, response) => {
  const status = STATUS[error.code] ?? PROBLEMS[error.code].status;
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  const body: ErrorResponse = {
    error: { code: error.code, message: error.message, ...(error.field ? { field: error.field } : {}) },
    reference: referenceOf(response),
  };
  response.status(status).json(body);
});
