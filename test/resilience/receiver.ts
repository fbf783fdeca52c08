/** The integrator's webhook receiver, real and on loopback: keeps every request it saw, and misbehaves on command. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Ways in which receivers go wrong. `hang` never answers, `drip` answers a byte at a time, `reset` drops the line. */
export const RECEIVER_MOODS = [
  'well',
  'error-500',
  'busy-503',
  'throttle-429',
  'redirect-301',
  'gone-410',
  'hang',
  'drip',
  'reset-before-answer',
  'reset-after-answer',
  'huge-answer',
] as const;
export type ReceiverMood = (typeof RECEIVER_MOODS)[number];

export type Reception = {
  webhookId: string;
  signature: string;
  body: Buffer;
  /** What was answered; null when no status was. */
  status: number | null;
};

export type Receiver = {
  port: number;
  receptions: Reception[];
  setMood(mood: ReceiverMood): void;
  close(): Promise<void>;
};

const STATUS: Partial<Record<ReceiverMood, number>> = {
  'error-500': 500,
  'busy-503': 503,
  'throttle-429': 429,
  'redirect-301': 301,
  'gone-410': 410,
};
const HUGE_BYTES = 10 * 1024 * 1024;

export async function startReceiver(): Promise<Receiver> {
  const receptions: Reception[] = [];
  const held = new Set<Socket>();
  let mood: ReceiverMood = 'well';

  const answer = (response: ServerResponse, socket: Socket): number | null => {
    const status = STATUS[mood];
    switch (mood) {
      case 'hang':
        held.add(socket);
        return null;
      case 'drip':
        held.add(socket);
        drip(socket);
        return null;
      case 'reset-before-answer':
        socket.resetAndDestroy();
        return null;
      case 'reset-after-answer':
        // The sender may or may not have read it: for it this is an attempt whose outcome is unknown.
        response.writeHead(200).end('ok', () => socket.resetAndDestroy());
        return 200;
      case 'huge-answer':
        response.writeHead(200).end(Buffer.alloc(HUGE_BYTES, 'x'));
        return 200;
      default:
        response.writeHead(status ?? 200, { 'retry-after': '5', location: 'http://127.0.0.1:9/' }).end();
        return status ?? 200;
    }
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // It never arrived whole: nothing was received.
    }
    receptions.push({
      webhookId: String(request.headers['webhook-id']),
      signature: String(request.headers.signature),
      body: Buffer.concat(chunks),
      status: answer(response, request.socket),
    });
  });
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    receptions,
    setMood: (next) => {
      mood = next;
      // A receiver that comes back has forgotten the requests it hung on.
      for (const socket of held) socket.destroy();
      held.clear();
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** One byte a second of a status line that never ends. */
function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write('H'), 1_000);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}
