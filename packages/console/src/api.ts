/** Requests to the server that this page came from. */
import { CONSOLE_HEADER } from '@livegate/contracts/console/header';

const BASE = '/console/api';

/** A refusal, in the server's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly reference: string | null;

  constructor(status: number, detail: string, reference: string | null) {
    super(detail);
    this.status = status;
    this.reference = reference;
  }
}

type Wish = { method?: 'GET' | 'POST' | 'DELETE'; body?: unknown; image?: Blob; signal?: AbortSignal };

/** The answer's JSON, or null where it has none. Throws ApiError. */
export async function ask<Answer>(path: string, { method = 'GET', body, image, signal }: Wish = {}): Promise<Answer> {
  const headers: Record<string, string> = { [CONSOLE_HEADER]: isPresent() ? 'present' : 'away' };
  if (image) headers['Content-Type'] = image.type || 'application/octet-stream';
  else if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await fetch(BASE + path, {
    method,
    headers,
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
    ...(image ? { body: image } : body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server cannot be reached.', null);
  });
  if (!response.ok) throw await refusalOf(response);
  return (response.status === 204 ? null : await response.json()) as Answer;
}

/** `?a=1`, of what is given. */
export function queryOf(values: Record<string, string | null | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

async function refusalOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as { detail?: string; reference?: string } | null;
  return new ApiError(
    response.status,
    problem?.detail ?? `The server answered ${response.status}.`,
    problem?.reference ?? null,
  );
}

// The page asks by itself every few seconds; only a person keeps a session from ending.
const PRESENT_FOR_MS = 60_000;
let lastActAt = Date.now();
const noteAct = () => {
  lastActAt = Date.now();
};
for (const kind of ['pointerdown', 'keydown', 'wheel'] as const)
  addEventListener(kind, noteAct, { passive: true, capture: true });

function isPresent(): boolean {
  return Date.now() - lastActAt < PRESENT_FOR_MS;
}
