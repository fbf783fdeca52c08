/** Kairos' multipart form: one file `selfie`, one text `threshold`, hard limits on everything else. */
import { kairosThreshold } from '@livegate/contracts/kairos';
import { CodedError } from '@livegate/domain/errors';
import { CONTRACTS } from '@livegate/domain/thresholds';
import type { Request, RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { MAX_IMAGE_BYTES, requireImage } from '../../instant/read-image.ts';

const parse = multer({
  storage: multer.memoryStorage(),
  limits: {
    fileSize: MAX_IMAGE_BYTES,
    files: 1,
    fields: 10,
    parts: 12,
    fieldNameSize: 100,
    fieldSize: 1_000,
    headerPairs: 20,
  },
}).single('selfie');

/** Reads the form. Its faults become coded errors of ours. */
export const parseSelfieForm: RequestHandler = (request, response, next) => {
  if (!request.is('multipart/form-data')) {
    return next(new CodedError('unsupported_media_type', 'The request must be multipart/form-data.'));
  }
  parse(request, response, (thrown: unknown) => next(thrown ? asCodedError(thrown) : undefined));
};

function asCodedError(thrown: unknown): CodedError {
  if (thrown instanceof MulterError && thrown.code === 'LIMIT_FILE_SIZE') {
    return new CodedError('body_too_large', 'The selfie is larger than 10 MB.');
  }
  if (thrown instanceof MulterError)
    return new CodedError('invalid_request', 'The form must hold one file selfie and a threshold.');
  return new CodedError('malformed_body', 'The form could not be parsed.', { cause: thrown });
}

/** Throws `invalid_request` or `unreadable_image`. */
export function readSelfie(request: Request): { image: Buffer; threshold: number } {
  if (!request.file) throw new CodedError('invalid_request', 'selfie is required.', { field: 'selfie' });
  return { threshold: readThreshold(request.body?.threshold), image: requireImage(request.file.buffer) };
}

function readThreshold(text: unknown): number {
  if (text === undefined) return CONTRACTS.kairos.defaultThreshold;
  const threshold = kairosThreshold.safeParse(text);
  if (threshold.success) return threshold.data;
  throw new CodedError('invalid_request', 'threshold must be one number from 0 to 1.', { field: 'threshold' });
}
