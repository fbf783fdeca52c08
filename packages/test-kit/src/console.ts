/** Operators of the console, and what their browsers send. */
import { hashPassword, newPassword } from '@livegate/crypto/password';
import type { Queryable } from '@livegate/db/database';
import { createOperator, type Operator } from '@livegate/db/operators';

/** Adds an operator; returns the password. */
export async function anOperator(
  db: Queryable,
  { seesImages = false, ...operator }: Omit<Operator, 'seesImages'> & { seesImages?: boolean },
): Promise<string> {
  const password = newPassword();
  await createOperator(db, { ...operator, seesImages, passwordHash: await hashPassword(password) });
  return password;
}

export type ConsoleUser = {
  cookie: string;
  /** As the console's page does: with its header and its origin. `path` is below `/console`. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Another session of the same operator. */
  again(password: string): Promise<ConsoleUser>;
};

/** Signs in; throws with the status when that is refused. */
export async function aConsoleUser(
  url: string,
  { name, password }: { name: string; password: string },
): Promise<ConsoleUser> {
  const origin = new URL(url).origin;
  const ours = { 'x-livegate-console': 'present', origin };
  const response = await fetch(`${url}/console/api/session`, {
    method: 'POST',
    headers: { ...ours, 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  if (!response.ok) throw new Error(`signing in was refused: ${response.status}`);
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return {
    cookie,
    // biome-ignore lint/complexity/useMaxParams: read at its calls as a request is
    send: (method, path, body, headers = {}) =>
      fetch(`${url}/console${path}`, {
        method: method.toUpperCase(),
        headers: { ...ours, cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    again: (again) => aConsoleUser(url, { name, password: again }),
  };
}
