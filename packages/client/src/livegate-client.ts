/** An integrator's side of a hosted check: create it, wait for its end. Every answer is checked against the contract. */
import {
  type CreateRequest,
  type CreateResponse,
  createResponse,
  errorResponse,
  expiredResponse,
  type ResultResponse,
  resultResponse,
  waitingResponse,
} from '@livegate/contracts/globaldata';
import type { z } from 'zod';

/** What may be left out takes the server's defaults. */
export type CheckWish = Pick<CreateRequest, 'return_url'> & Partial<CreateRequest>;

export type CheckEnd = { state: 'complete' | 'failed'; result: ResultResponse } | { state: 'expired' };

export type LivegateClient = {
  /** Creates a check. With an `idempotencyKey` a repeated call is the same check. */
  create(wish: CheckWish, options?: { idempotencyKey?: string }): Promise<CreateResponse>;
  /** Where the check stands; null while it waits. */
  retrieve(token: string): Promise<CheckEnd | null>;
  /**
   * Polls until the check has ended: from 2 s with exponential back-off to 15 s, as the contract advises. Outlives a server
   * that is busy or away for a while; rejects when it was so five times in a row, or when `signal` fires.
   */
  wait(token: string, options?: { signal?: AbortSignal }): Promise<CheckEnd>;
};

type Refusal = { code: string; message: string; field?: string | undefined; reference: string | null };

/** The server refused, with its own code; `reference` finds the request in the server's logs. */
export class LivegateError extends Error {
  override readonly name = 'LivegateError';
  readonly status: number;
  readonly code: string;
  /** The field of the request that is at fault, where there is one. */
  readonly field: string | undefined;
  readonly reference: string | null;

  constructor(status: number, { code, message, field, reference }: Refusal) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
    this.reference = reference;
  }
}

type Options = {
  baseUrl: string;
  apiKey: string;
  fetch?: typeof fetch;
  /** Waits for some milliseconds; rejects when the signal fires. Replaced in tests. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
};

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15_000;
const TRANSIENT_STATUSES = [429, 502, 503, 504];
const MAX_FAILURES_IN_A_ROW = 5;

export function livegateClient({ baseUrl, apiKey, fetch: send = fetch, sleep = sleepFor }: Options): LivegateClient {
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...(init.headers ?? {}) };
    const response = await send(baseUrl.replace(/\/+$/, '') + path, { ...init, headers });
    return { status: response.status, body: parseJson(await response.text()) };
  };
  const retrieve = async (token: string, signal?: AbortSignal): Promise<CheckEnd | null> => {
    const path = `/liveness_check?token=${encodeURIComponent(token)}`;
    const { status, body } = await call(path, signal ? { signal } : {});
    if (status === 202) return read(waitingResponse, body) && null;
    if (status === 410) return read(expiredResponse, body) && { state: 'expired' };
    if (status !== 200) throw refusal(status, body);
    const result = read(resultResponse, body);
    return { state: result.status, result };
  };
  return {
    create: async (wish, { idempotencyKey } = {}) => {
      const headers = idempotencyKey ? { 'idempotency-key': idempotencyKey } : {};
      const { status, body } = await call('/liveness_check', { method: 'POST', headers, body: JSON.stringify(wish) });
      if (status !== 201) throw refusal(status, body);
      return read(createResponse, body);
    },
    retrieve: (token) => retrieve(token),
    wait: async (token, { signal } = {}) => {
      let failures = 0;
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        try {
          const end = await retrieve(token, signal);
          if (end) return end;
          failures = 0;
        } catch (error) {
          failures += 1;
          if (signal?.aborted || !isTransient(error) || failures === MAX_FAILURES_IN_A_ROW) throw error;
        }
        await sleep(pause, signal);
      }
    },
  };
}

/** Whether the same question may well be answered later: the server is busy, or could not be reached (fetch's TypeError). */
function isTransient(error: unknown): boolean {
  return error instanceof LivegateError ? TRANSIENT_STATUSES.includes(error.status) : error instanceof TypeError;
}

/** What a proxy in between says need not be JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  return schema.parse(body);
}

function refusal(status: number, body: unknown): LivegateError {
  const parsed = errorResponse.safeParse(body);
  const error = parsed.success ? { ...parsed.data.error, reference: parsed.data.reference } : null;
  return new LivegateError(
    status,
    error ?? { code: 'unknown', message: `The server answered ${status}.`, reference: null },
  );
}

function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
