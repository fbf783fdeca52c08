/** Smartcomply's errors: `data` is an empty array, and is missing altogether on 401. */
import { PROBLEMS } from '@livegate/contracts/problems';
import type { ErrorCode } from '@livegate/domain/errors';
import { errorHandler } from '../../http/error-handler.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  unsupported_media_type: 400,
  unreadable_image: 400,
  unreachable_image: 400,
  image_too_large: 400,
};

// The contract's words for a key that is not taken, whatever is wrong with it.
const MESSAGE: Partial<Record<ErrorCode, string>> = { key_not_usable: 'Invalid API key.' };

export const sendSmartcomplyError = errorHandler((error, response) => {
  const status = STATUS[error.code] ?? PROBLEMS[error.code].status;
  if (status === 401) response.set('WWW-Authenticate', 'ApiKey header="x-access-token"');
  const body = {
    status: 'failed',
    ...(status === 401 ? {} : { data: [] }),
    message: MESSAGE[error.code] ?? error.message,
  };
  response.status(status).json(body);
});
