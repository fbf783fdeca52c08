/**
 * A TCP balancer, as small as one can be: each connection goes to the next backend that is in rotation. Taking one out waits
 * until its connections have ended, as an orchestrator does before it ends a process.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type Balancer = {
  port: number;
  /** Connections that each backend was given. */
  given(): Record<number, number>;
  takeOut(backend: number): Promise<void>;
  putIn(backend: number): void;
  close(): Promise<void>;
};

/** `backends`: ports on loopback. */
export async function startBalancer(backends: readonly number[]): Promise<Balancer> {
  const inRotation = new Set(backends);
  const open = new Map(backends.map((port) => [port, new Set<Socket>()]));
  const given = Object.fromEntries(backends.map((port) => [port, 0]));
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const ready = backends.filter((port) => inRotation.has(port));
    const port = ready[turn++ % ready.length];
    client.on('error', () => undefined);
    if (port === undefined) return void client.destroy();
    given[port] = (given[port] ?? 0) + 1;
    const backend = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const own = open.get(port) as Set<Socket>;
    own.add(backend);
    backend.on('error', () => client.destroy());
    backend.on('close', () => own.delete(backend));
    client.on('close', () => backend.destroy());
    client.pipe(backend).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    given: () => ({ ...given }),
    takeOut: async (backend) => {
      inRotation.delete(backend);
      while ((open.get(backend)?.size ?? 0) > 0) await pause(20);
    },
    putIn: (backend) => void inRotation.add(backend),
    close: async () => {
      server.close();
      for (const sockets of open.values()) for (const socket of sockets) socket.destroy();
    },
  };
}
