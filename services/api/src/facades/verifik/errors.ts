/** Verifik's errors: the contract knows 401, 403, 409, 412 and 500, each as `{message, code}`. */
import type { ErrorCode } from '@livegate/domain/errors';
import { errorHandler } from '../../http/error-handler.ts';

type Answer = { status: number; code: string; message?: string };

const missingParameter = { status: 409, code: 'MissingParameter' } as const;
// The sibling endpoint's answer to an image that cannot be read; a URL that cannot be fetched is none either.
const notAnImage = { status: 412, code: 'ERROR', message: 'only_images_in_base64' } as const;
const tooMany = { status: 429, code: 'ERROR', message: 'too_many_requests' } as const;
const internal = { status: 500, code: 'ERROR', message: 'internal_error' } as const;

const ANSWERS: Partial<Record<ErrorCode, Answer>> = {
  unauthenticated: { status: 401, code: 'UNAUTHORIZED', message: 'Authentication required' },
  key_not_usable: { status: 403, code: 'FORBIDDEN', message: 'token_expired' },
  invalid_request: missingParameter,
  malformed_body: missingParameter,
  unsupported_media_type: missingParameter,
  unknown_collection: { ...missingParameter, message: 'collection_not_found' },
  body_too_large: { status: 413, code: 'ERROR' },
  unreadable_image: notAnImage,
  unreachable_image: notAnImage,
  image_too_large: notAnImage,
  rate_limited: tooMany,
  quota_exceeded: tooMany,
  too_many_open_checks: tooMany,
  too_many_failures: tooMany,
  overloaded: { status: 503, code: 'ERROR', message: 'overloaded' },
  unavailable: { status: 503, code: 'ERROR', message: 'unavailable' },
  method_not_allowed: { status: 405, code: 'ERROR' },
};

export const sendVerifikError = errorHandler((error, response) => {
  const { status, code, message } = ANSWERS[error.code] ?? internal;
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  response.status(status).json({ message: message ?? error.message, code });
});
