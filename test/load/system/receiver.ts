/** A healthy webhook receiver that answers at once and tells when each event came. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Receiver = {
  url: string;
  /** Resolves when the event of this check has come. */
  eventOf(token: string): Promise<void>;
  count(): number;
  /** Checks of which an event came. */
  distinct(): number;
  close(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const came = new Set<string>();
  const waiting = new Map<string, () => void>();
  let count = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.writeHead(200).end();
    const { token } = JSON.parse(Buffer.concat(chunks).toString()) as { token: string };
    count += 1;
    came.add(token);
    waiting.get(token)?.();
    waiting.delete(token);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    eventOf: (token) =>
      came.has(token) ? Promise.resolve() : new Promise((resolve) => void waiting.set(token, resolve)),
    count: () => count,
    distinct: () => came.size,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
