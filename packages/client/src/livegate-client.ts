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
  /** Polls until the check has ended: from 2 s with exponential back-off to 15 s, as the contract advises. */
  wait(token: string, options?: { signal?: AbortSignal }): Promise<CheckEnd>;
};

/** The server refused, with its own code; `reference` finds the request in the server's logs. */
export class LivegateError extends Error {
  override readonly name = 'LivegateError';
  readonly status: number;
  readonly code: string;
  readonly reference: string | null;

  constructor(
    status: number,
    { code, message, reference }: { code: string; message: string; reference: string | null },
  ) {
    super(message);
    this.status = status;
    this.code = code;
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

export function livegateClient({ baseUrl, apiKey, fetch: send = fetch, sleep = sleepFor }: Options): LivegateClient {
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...(init.headers ?? {}) };
    const response = await send(baseUrl.replace(/\/+$/, '') + path, { ...init, headers });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const retrieve = async (token: string): Promise<CheckEnd | null> => {
    const { status, body } = await call(`/liveness_check?token=${encodeURIComponent(token)}`);
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
    retrieve,
    wait: async (token, { signal } = {}) => {
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        const end = await retrieve(token);
        if (end) return end;
        await sleep(pause, signal);
      }
    },
  };
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
