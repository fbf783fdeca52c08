/** Why a call out came to nothing. */
export type EgressErrorCode = 'blocked' | 'dns' | 'connect' | 'tls' | 'timeout' | 'too_large' | 'protocol';

/** A call out that came to nothing; `blocked` is for good, all else may pass if tried again. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressErrorCode;
  /** The address that was dialled, if it came to that. */
  readonly dialled: string | null;

  constructor(code: EgressErrorCode, message: string, options: { dialled?: string | null; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.dialled = options.dialled ?? null;
  }
}
