/** A real receiver on loopback that keeps what it got, and can be told to misbehave. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { headers: IncomingHttpHeaders; body: Buffer };

export type WebhookReceiver = {
  url: string;
  received: Received[];
  /** Statuses of the next answers; 200 when the list is empty. */
  answerWith(...statuses: number[]): void;
  close(): Promise<void>;
};

/** `behave` answers in its own way, or not at all; else the statuses of `answerWith`. */
export async function startWebhookReceiver(
  behave?: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const planned: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ headers: request.headers, body: Buffer.concat(chunks) });
    if (behave) behave(request, response);
    else response.writeHead(planned.shift() ?? 200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    received,
    answerWith: (...statuses) => void planned.push(...statuses),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
