/** Body parsing with hard limits. Compressed bodies are refused: a small one can unpack to anything. */
import { CodedError } from '@livegate/domain/errors';
import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';

/** JSON of up to 64 KB: no body of these routes comes near it. */
export const parseJson: RequestHandler = express.json({ limit: '64kb', inflate: false, strict: true });

/** JSON that carries an image as base64: 10 MB of image and what base64 and JSON add. */
export const parseImageJson: RequestHandler = express.json({ limit: '15mb', inflate: false, strict: true });

/** A raw JPEG of up to `limitBytes`. */
export function parseJpeg(limitBytes: number): RequestHandler {
  return express.raw({ type: 'image/jpeg', limit: limitBytes, inflate: false });
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
