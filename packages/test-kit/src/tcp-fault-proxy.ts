/** A TCP proxy that misbehaves on command: it stands between a service and its database, its queue or a receiver. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type TcpFault =
  | { kind: 'none' }
  /** Resets what is open and whatever tries anew: a server that is gone. */
  | { kind: 'cut' }
  /** Accepts and moves no byte, in either direction. What was held goes on its way when the fault ends, as a network's retransmission would. */
  | { kind: 'black-hole' }
  /** Every chunk is late by this much. */
  | { kind: 'latency'; ms: number }
  /** Both directions crawl. */
  | { kind: 'drip'; bytesPerSecond: number }
  /** The request arrives, and both sides are reset before its answer: was it done or not? */
  | { kind: 'cut-after-request' };

export type TcpFaultProxy = {
  port: number;
  /** Where new connections go from now on. */
  aimAt(port: number): void;
  behave(fault: TcpFault): void;
  /** Resets what is open, once. */
  resetAll(): void;
  connections(): number;
  close(): Promise<void>;
};

type Pair = { client: Socket; server: Socket };
type Direction = 'request' | 'answer';

const NO_FAULT: TcpFault = { kind: 'none' };
// A drip is sent in this many pieces a second.
const DRIPS_PER_SECOND = 10;

/** Listens on a free port of 127.0.0.1 and passes everything on to `target`. */
export async function startTcpFaultProxy(target: number): Promise<TcpFaultProxy> {
  const pairs = new Set<Pair>();
  let aim = target;
  let fault = NO_FAULT;
  let faultOver = new AbortController();

  const reset = (pair: Pair) => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  };
  const resetAll = () => {
    for (const pair of pairs) reset(pair);
  };
  /** Waits, but no longer than the fault lasts. */
  const wait = (ms: number) => pause(ms, undefined, { signal: faultOver.signal }).catch(() => undefined);

  const deliver = async (chunk: Buffer, { pair, direction }: { pair: Pair; direction: Direction }): Promise<void> => {
    const to = direction === 'request' ? pair.server : pair.client;
    while (fault.kind === 'black-hole') await wait(60_000);
    if (fault.kind === 'latency') await wait(fault.ms);
    if (fault.kind === 'drip') return drip(chunk, to);
    if (fault.kind === 'cut-after-request' && direction === 'answer') return reset(pair);
    await send(to, chunk);
  };
  const drip = async (chunk: Buffer, to: Socket): Promise<void> => {
    let rest = chunk;
    while (rest.length > 0 && !to.destroyed) {
      const piece = fault.kind === 'drip' ? Math.ceil(fault.bytesPerSecond / DRIPS_PER_SECOND) : rest.length;
      await send(to, rest.subarray(0, piece));
      rest = rest.subarray(piece);
      if (rest.length > 0) await wait(1_000 / DRIPS_PER_SECOND);
    }
  };
  const pump = async (pair: Pair, direction: Direction): Promise<void> => {
    const [from, to] = direction === 'request' ? [pair.client, pair.server] : [pair.server, pair.client];
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        await deliver(chunk as Buffer, { pair, direction });
      }
      to.end();
    } catch {
      reset(pair);
    }
  };

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on('error', () => undefined);
    if (fault.kind === 'cut') return void client.resetAndDestroy();
    const server = connect({ port: aim, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    server.on('error', () => reset(pair));
    client.on('close', () => reset(pair));
    void pump(pair, 'request');
    void pump(pair, 'answer');
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    port: (listener.address() as AddressInfo).port,
    aimAt: (port) => {
      aim = port;
    },
    behave: (next) => {
      fault = next;
      faultOver.abort();
      faultOver = new AbortController();
      if (fault.kind === 'cut') resetAll();
    },
    resetAll,
    connections: () => pairs.size,
    close: async () => {
      fault = NO_FAULT;
      faultOver.abort();
      listener.close();
      resetAll();
      await once(listener, 'close');
    },
  };
}

/** Writes, and waits while the receiver is slow to take it. */
async function send(to: Socket, chunk: Buffer): Promise<void> {
  if (to.destroyed) throw new Error('the other side is gone');
  if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
}
