/** A request's whole body, up to a limit: refused as soon as it is known to be too large, not when its last byte came. */
import { CodedError } from '@livegate/domain/errors';
import type { Request, Response } from 'express';

/** Throws `body_too_large`, `unsupported_media_type` for a compressed body (a small one can unpack to anything), or `malformed_body`. */
export async function readBytes(request: Request, response: Response, limitBytes: number): Promise<Buffer> {
  const coding = request.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (coding !== 'identity') throw new CodedError('unsupported_media_type', 'Compressed bodies are not accepted.');
  if (Number(request.get('content-length') ?? 0) > limitBytes) throw tooLarge();
  if (isWaitingForContinue(request)) response.writeContinue();
  return collect(request, limitBytes);
}

/** Whether the caller holds its body back until it is asked for, so that a refusal costs it nothing. */
export function isWaitingForContinue(request: Request): boolean {
  return /^100-continue$/i.test(request.get('expect') ?? '');
}

function collect(request: Request, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) stop(() => reject(tooLarge()));
      else chunks.push(chunk);
    };
    const end = () => stop(() => resolve(Buffer.concat(chunks, bytes)));
    const breakOff = (cause?: unknown) =>
      stop(() => reject(new CodedError('malformed_body', 'The body ended early.', { cause })));
    const stop = (settle: () => void) => {
      request.off('data', take).off('end', end).off('close', breakOff);
      settle();
    };
    // Left in place: an error that comes after the answer is known must find a listener.
    request.on('error', breakOff);
    request.on('data', take).on('end', end).on('close', breakOff);
  });
}

function tooLarge(): CodedError {
  return new CodedError('body_too_large', 'The body is larger than this route accepts.');
}
