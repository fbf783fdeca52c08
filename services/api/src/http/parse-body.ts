/** Body parsing with hard limits, for callers that are known already. */
import { CodedError } from '@livegate/domain/errors';
import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import { readBytes } from './read-bytes.ts';
import { parseStrictJson } from './strict-json.ts';

/** JSON of up to 64 KB: no body of these routes comes near it. */
export const parseJson: RequestHandler = jsonOfUpTo(64 * 1024);

/** JSON that carries an image as base64: 10 MB of image and what base64 and JSON add. */
export const parseImageJson: RequestHandler = jsonOfUpTo(15 * 1024 * 1024);

/** A raw JPEG of up to `limitBytes`. */
export function parseJpeg(limitBytes: number): RequestHandler {
  return async (request, response, next) => {
    if (request.is('image/jpeg')) request.body = await readBytes(request, response, limitBytes);
    next();
  };
}

/** Leaves `request.body` undefined when there is none, or none that is said to be JSON: the story says what it makes of that. */
function jsonOfUpTo(limitBytes: number): RequestHandler {
  return async (request, response, next) => {
    if (request.is('application/json')) {
      requireUtf8(request);
      const bytes = await readBytes(request, response, limitBytes);
      if (bytes.length > 0) request.body = parseStrictJson(bytes);
    }
    next();
  };
}

/** JSON between systems is UTF-8 (RFC 8259), whatever a charset says; one that says otherwise is not to be guessed at. */
function requireUtf8(request: Request): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.get('content-type') ?? '')?.[1] ?? 'utf-8';
  if (!/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw new CodedError('unsupported_media_type', 'The charset is not accepted: JSON is UTF-8.');
  }
}

/** The JSON body as `schema` sees it. Throws `unsupported_media_type` or `invalid_request` with the first field at fault. */
export function readBody<Schema extends z.ZodType>(request: Request, schema: Schema): z.infer<Schema> {
  if (!request.is('application/json')) {
    throw new CodedError('unsupported_media_type', 'The body must be JSON, with Content-Type: application/json.');
  }
  return parseOrRefuse(schema, request.body);
}

/** As `readBody`; a request without a body is one with an empty object. */
export function readOptionalBody<Schema extends z.ZodType>(request: Request, schema: Schema): z.infer<Schema> {
  const isEmpty = request.get('transfer-encoding') === undefined && Number(request.get('content-length') ?? 0) === 0;
  return isEmpty ? parseOrRefuse(schema, {}) : readBody(request, schema);
}

/** The query as `schema` sees it. Throws `invalid_request` with the first field at fault. */
export function readQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.infer<Schema> {
  return parseOrRefuse(schema, { ...request.query });
}

function parseOrRefuse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.');
  throw new CodedError(
    'invalid_request',
    `${field || 'The body'} ${issue?.message ?? 'is not valid'}.`,
    field ? { field } : {},
  );
}
