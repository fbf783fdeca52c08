/** Kairos' multipart form: one file `selfie`, one text `threshold`, hard limits on everything else. */
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { kairosThreshold } from '@livegate/contracts/kairos';
import { CodedError } from '@livegate/domain/errors';
import { CONTRACTS } from '@livegate/domain/thresholds';
import type { Request, RequestHandler } from 'express';
import { readBytes } from '../../http/read-bytes.ts';
import { MAX_IMAGE_BYTES, requireImage } from '../../instant/read-image.ts';

// The image, and what the form's other parts and boundaries may add.
const MAX_FORM_BYTES = MAX_IMAGE_BYTES + 64 * 1024;
const MAX_PARTS = 100;

/** The parts that the contract knows, in their order; all others are passed over. */
type SelfieForm = { selfies: (Buffer | string)[]; thresholds: string[] };

/** Reads the form. Its faults become coded errors of ours. */
export const parseSelfieForm: RequestHandler = async (request, response, next) => {
  if (!request.is('multipart/form-data')) {
    throw new CodedError('unsupported_media_type', 'The request must be multipart/form-data.');
  }
  request.body = await parseForm(request, await readBytes(request, response, MAX_FORM_BYTES)).catch((thrown) => {
    throw thrown instanceof CodedError
      ? thrown
      : new CodedError('malformed_body', 'The form could not be parsed.', { cause: thrown });
  });
  next();
};

function parseForm({ headers }: Request, bytes: Buffer): Promise<SelfieForm> {
  return new Promise((resolve, reject) => {
    const form: SelfieForm = { selfies: [], thresholds: [] };
    const parser = new Busboy({
      headers: headers as BusboyHeaders,
      // Only the selfie is a file, whatever a part says of itself: a threshold that is sent as one counts all the same.
      isPartAFile: (name, type, fileName) => name === 'selfie' && (!!fileName || type === 'application/octet-stream'),
      limits: { fileSize: MAX_IMAGE_BYTES, parts: MAX_PARTS, fieldSize: MAX_FORM_BYTES, headerPairs: 20 },
    });
    parser.on('file', (_name, stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('limit', () => reject(new CodedError('body_too_large', 'The selfie is larger than 10 MB.')));
      stream.once('error', reject);
      stream.once('end', () => form.selfies.push(Buffer.concat(chunks)));
    });
    parser.on('field', (name, text) => {
      // `threshold[]` is what some libraries make of a field that is sent more than once.
      const field = name?.replace(/\[.*$/, '');
      if (field === 'selfie') form.selfies.push(text);
      if (field === 'threshold') form.thresholds.push(text);
    });
    parser.once('partsLimit', () =>
      reject(new CodedError('invalid_request', `The form has more than ${MAX_PARTS} parts.`)),
    );
    parser.once('error', reject);
    parser.once('finish', () => resolve(form));
    parser.end(bytes);
  });
}

/** Throws `invalid_request` or `unreadable_image`. */
export function readSelfie({ body: { selfies, thresholds } }: { body: SelfieForm }): {
  image: Buffer;
  threshold: number;
} {
  const file = selfies.find((part) => typeof part !== 'string');
  if (!file) throw new CodedError('invalid_request', 'selfie is required, as a file.', { field: 'selfie' });
  if (selfies.length > 1) throw new CodedError('invalid_request', 'selfie must be sent once.', { field: 'selfie' });
  return { threshold: readThreshold(thresholds), image: requireImage(file) };
}

function readThreshold([text, second]: readonly string[]): number {
  if (text === undefined) return CONTRACTS.kairos.defaultThreshold;
  const threshold = kairosThreshold.safeParse(text);
  if (threshold.success && second === undefined) return threshold.data;
  throw new CodedError('invalid_request', 'threshold must be one number from 0 to 1.', { field: 'threshold' });
}
