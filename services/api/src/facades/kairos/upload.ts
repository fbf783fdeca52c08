/** Kairos' multipart form: one file `selfie`, one text `threshold`, hard limits on everything else. */
import type { Writable } from 'node:stream';
import { kairosThreshold } from '@livegate/contracts/kairos';
import { CodedError } from '@livegate/domain/errors';
import { CONTRACTS } from '@livegate/domain/thresholds';
import type { Request, RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { readBytes } from '../../http/read-bytes.ts';
import { MAX_IMAGE_BYTES, requireImage } from '../../instant/read-image.ts';

// The image, and what the form's other parts and boundaries may add.
const MAX_FORM_BYTES = MAX_IMAGE_BYTES + 64 * 1024;

type FormRequest = Request & { form: Buffer };

const parse = multer({
  storage: multer.memoryStorage(),
  // Parts that the contract does not know are passed over.
  fileFilter: (_request, file, decide) => decide(null, file.fieldname === 'selfie'),
  limits: {
    fileSize: MAX_IMAGE_BYTES,
    files: 4,
    fields: 10,
    parts: 12,
    fieldNameSize: 100,
    fieldSize: 1_000,
    headerPairs: 20,
  },
  // Left to itself multer answers a refusal only after the last byte, which may never come.
  streamHandler: (request: FormRequest, parser: Writable) => parser.end(request.form),
} as multer.Options).any();

/** Reads the form. Its faults become coded errors of ours. */
export const parseSelfieForm: RequestHandler = async (request, response, next) => {
  if (!request.is('multipart/form-data')) {
    throw new CodedError('unsupported_media_type', 'The request must be multipart/form-data.');
  }
  (request as FormRequest).form = await readBytes(request, response, MAX_FORM_BYTES);
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
  const files = (request.files ?? []) as Express.Multer.File[];
  const [selfie, second] = files;
  if (!selfie) throw new CodedError('invalid_request', 'selfie is required, as a file.', { field: 'selfie' });
  if (second || request.body?.selfie !== undefined) {
    throw new CodedError('invalid_request', 'selfie must be sent once.', { field: 'selfie' });
  }
  return { threshold: readThreshold(request.body?.threshold), image: requireImage(selfie.buffer) };
}

function readThreshold(text: unknown): number {
  if (text === undefined) return CONTRACTS.kairos.defaultThreshold;
  const threshold = kairosThreshold.safeParse(text);
  if (threshold.success) return threshold.data;
  throw new CodedError('invalid_request', 'threshold must be one number from 0 to 1.', { field: 'threshold' });
}
