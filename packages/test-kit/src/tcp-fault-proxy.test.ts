import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { startTcpFaultProxy, type TcpFault } from './tcp-fault-proxy.ts';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server that answers every chunk with itself in capitals, and keeps what it heard. */
async function aServer() {
  const server = { heard: '', port: 0 };
  const listener = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      server.heard += chunk;
      socket.write(chunk.toString().toUpperCase());
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  server.port = (listener.address() as AddressInfo).port;
  closers.push(() => void listener.close());
  return server;
}

async function aProxy() {
  const server = await aServer();
  const proxy = await startTcpFaultProxy(server.port);
  closers.push(proxy.close);
  return { server, proxy };
}

/** A client that keeps what it was answered, and whether its line broke. */
async function aClient(port: number) {
  const socket: Socket = connect(port, '127.0.0.1');
  const client = { socket, heard: '', broken: false };
  socket.on('data', (chunk) => {
    client.heard += chunk;
  });
  socket.on('error', () => {
    client.broken = true;
  });
  socket.on('close', () => {
    client.broken = true;
  });
  await once(socket, 'connect').catch(() => undefined);
  closers.push(() => void socket.destroy());
  return client;
}

describe('a line through the proxy', () => {
  it('passes everything on, both ways, and follows a server that moved', async () => {
    const { server, proxy } = await aProxy();
    const first = await aClient(proxy.port);
    first.socket.write('one');
    await eventually(() => first.heard === 'ONE');
    const moved = await aServer();
    proxy.aimAt(moved.port);
    const second = await aClient(proxy.port);
    second.socket.write('two');
    await eventually(() => second.heard === 'TWO');
    expect([server.heard, moved.heard]).toEqual(['one', 'two']);
  });

  it('ends when either side ends', async () => {
    const { proxy } = await aProxy();
    const client = await aClient(proxy.port);
    await eventually(() => proxy.connections() === 1);
    client.socket.end();
    await eventually(() => proxy.connections() === 0);
  });
});

describe('a fault', () => {
  it('cut: breaks what is open and what is opened, until it is over', async () => {
    const { proxy } = await aProxy();
    const open = await aClient(proxy.port);
    open.socket.write('x');
    await eventually(() => open.heard === 'X');
    proxy.behave({ kind: 'cut' });
    await eventually(() => open.broken);
    const late = await aClient(proxy.port);
    await eventually(() => late.broken);
    proxy.behave({ kind: 'none' });
    const after = await aClient(proxy.port);
    after.socket.write('x');
    await eventually(() => after.heard === 'X');
  });

  it.each<TcpFault>([{ kind: 'black-hole' }, { kind: 'latency', ms: 3_600_000 }])(
    '$kind: holds what is sent, and lets it through when it is over',
    async (fault) => {
      const { server, proxy } = await aProxy();
      const witness = await aClient(server.port);
      const client = await aClient(proxy.port);
      proxy.behave(fault);
      client.socket.write('held');
      // Whoever goes past the proxy was heard since: the held bytes had every chance.
      witness.socket.write('witness');
      await eventually(() => witness.heard === 'WITNESS');
      expect(server.heard).toBe('witness');
      proxy.behave({ kind: 'none' });
      await eventually(() => client.heard === 'HELD');
    },
  );

  it('drip: lets a little through, and the rest when it is over', async () => {
    const { server, proxy } = await aProxy();
    const client = await aClient(proxy.port);
    proxy.behave({ kind: 'drip', bytesPerSecond: 10 });
    client.socket.write('a'.repeat(10_000));
    await eventually(() => server.heard.length > 1);
    expect(server.heard.length).toBeLessThan(10_000);
    proxy.behave({ kind: 'none' });
    await eventually(() => server.heard.length === 10_000);
  });

  it('cut after the request: it arrives, and its answer does not', async () => {
    const { server, proxy } = await aProxy();
    const client = await aClient(proxy.port);
    proxy.behave({ kind: 'cut-after-request' });
    client.socket.write('done?');
    await eventually(() => client.broken);
    expect({ server: server.heard, client: client.heard }).toEqual({ server: 'done?', client: '' });
  });

  it('of the moment: what is open is reset once, and the line is good', async () => {
    const { proxy } = await aProxy();
    const open = await aClient(proxy.port);
    await eventually(() => proxy.connections() === 1);
    proxy.resetAll();
    await eventually(() => open.broken);
    const after = await aClient(proxy.port);
    after.socket.write('x');
    await eventually(() => after.heard === 'X');
  });
});
