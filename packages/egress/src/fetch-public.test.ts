import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { buildConnector } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createEgress, type EgressRequest } from './fetch-public.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const serve = async (listener: RequestListener) => `http://127.0.0.1:${await listen(createServer(listener))}/`;
const serveBytes = async (onSocket: (socket: Socket) => void) =>
  `http://127.0.0.1:${await listen(createTcpServer(onSocket))}/`;

const egress = createEgress({ mode: 'development' });
const get = (url: string, wish: Partial<EgressRequest> = {}) =>
  egress.request({ url, method: 'GET', headers: {}, deadlineMs: 5_000, maxResponseBytes: 1_000, ...wish });

describe('a request', () => {
  test('carries method, headers and the exact body, and brings back status, headers, body and the address', async () => {
    const seen: unknown[] = [];
    const url = await serve(async (request, response) => {
      const chunks = await request.toArray();
      seen.push(request.method, request.headers['x-a'], request.headers.cookie, Buffer.concat(chunks).toString());
      response.writeHead(202, { 'x-b': 'c', 'set-cookie': ['s=1', 't=2'] }).end('done');
    });
    const wish = { method: 'POST', headers: { 'x-a': 'b' }, body: Buffer.from('{"a": 1.10}') } as const;
    const answer = await get(url, wish);
    expect(answer).toMatchObject({ status: 202, truncated: false, dialledAddress: '127.0.0.1' });
    expect(answer.headers).toMatchObject({ 'x-b': 'c', 'set-cookie': ['s=1', 't=2'] });
    expect(answer.body.toString()).toBe('done');
    expect(answer.elapsedMs).toBeGreaterThan(0);
    await get(url, wish);
    expect(seen.slice(0, 4)).toEqual(['POST', 'b', undefined, '{"a": 1.10}']);
    expect(seen[6]).toBeUndefined();
  });

  test('opens a connection of its own each time', async () => {
    const ports: unknown[] = [];
    const url = await serve((request, response) => {
      ports.push(request.socket.remotePort);
      response.end();
    });
    await get(url);
    await get(url);
    expect(new Set(ports).size).toBe(2);
  });

  test('does not follow a redirect', async () => {
    let followed = 0;
    const trap = await serve((_, response) => {
      followed += 1;
      response.end('secret');
    });
    const url = await serve((_, response) => response.writeHead(302, { location: trap }).end());
    const answer = await get(url);
    expect(answer).toMatchObject({ status: 302, headers: { location: trap } });
    expect(followed).toBe(0);
  });

  test('does not decompress', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000));
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect((await get(url)).body.equals(bomb)).toBe(true);
  });

  test('is refused without a dial where the URL is against the policy', async () => {
    let dials = 0;
    const production = createEgress({
      mode: 'production',
      resolver: async () => ['93.184.216.34'],
      dial: (_, callback) => {
        dials += 1;
        callback(new Error('no network here'), null);
      },
    });
    const call = (url: string) =>
      production.request({ url, method: 'GET', headers: {}, deadlineMs: 1_000, maxResponseBytes: 1 });
    for (const url of [
      'http://hooks.example.com/',
      'https://127.0.0.1/',
      'https://hooks.example.com:22/',
      'file:///',
      '?',
    ]) {
      await expect(call(url)).rejects.toMatchObject({ name: 'EgressError', code: 'blocked', dialled: null });
    }
    expect(dials).toBe(0);
    await expect(call('https://hooks.example.com/')).rejects.toMatchObject({
      code: 'connect',
      dialled: '93.184.216.34',
    });
    expect(dials).toBe(1);
  });
});

describe('the cap on the answer', () => {
  const tenMegabytes = () => serve((_, response) => response.end(Buffer.alloc(10_000_000, 'x')));

  test('refuses a longer one', async () => {
    await expect(get(await tenMegabytes())).rejects.toMatchObject({ code: 'too_large', dialled: '127.0.0.1' });
  });

  test('or cuts it, where the caller says so', async () => {
    const answer = await get(await tenMegabytes(), { truncate: true });
    expect(answer).toMatchObject({ status: 200, truncated: true });
    expect(answer.body.toString()).toBe('x'.repeat(1_000));
  });

  test('takes one that just fits', async () => {
    const url = await serve((_, response) => response.end(Buffer.alloc(1_000)));
    expect(await get(url)).toMatchObject({ truncated: false, body: Buffer.alloc(1_000) });
  });

  test('holds for headers, too', async () => {
    const url = await serveBytes((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`x-filler: ${'a'.repeat(1_000)}\r\n`.repeat(20)}\r\n`);
    });
    await expect(get(url)).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('the deadline', () => {
  const deadlineMs = 300;
  // Generous, for a machine under load; without the total deadline these servers hold the caller for ever.
  const atMost = deadlineMs + 3_000;

  async function expectTimeout(url: string): Promise<void> {
    const startedAt = performance.now();
    await expect(get(url, { deadlineMs })).rejects.toMatchObject({ code: 'timeout' });
    const elapsed = performance.now() - startedAt;
    expect(elapsed).toBeGreaterThan(deadlineMs - 50);
    expect(elapsed).toBeLessThan(atMost);
  }

  test('ends an answer that drips: every byte is on time, the whole is not', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      closers.push(() => clearInterval(drip));
    });
    await expectTimeout(url);
  });

  test('ends an answer whose headers drip', async () => {
    const url = await serveBytes((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const drip = setInterval(() => socket.write('x'), 20);
      closers.push(() => clearInterval(drip));
    });
    await expectTimeout(url);
  });

  test('ends a server that says nothing', async () => {
    await expectTimeout(await serveBytes(() => {}));
  });

  test('covers the resolver, and nothing is dialled when that answers too late', async () => {
    let dials = 0;
    let answer: (addresses: string[]) => void = () => {};
    const slow = createEgress({
      mode: 'production',
      resolver: () => new Promise((resolve) => (answer = resolve)),
      dial: () => (dials += 1),
    });
    const wish = {
      url: 'https://hooks.example.com/',
      method: 'GET',
      headers: {},
      deadlineMs,
      maxResponseBytes: 1,
    } as const;
    await expect(slow.request(wish)).rejects.toMatchObject({ code: 'timeout', dialled: null });
    answer(['93.184.216.34']);
    await new Promise(setImmediate);
    expect(dials).toBe(0);
  });

  test('covers the connecting', async () => {
    const stuck = createEgress({ mode: 'production', resolver: async () => ['93.184.216.34'], dial: () => {} });
    const wish = {
      url: 'https://hooks.example.com/',
      method: 'GET',
      headers: {},
      deadlineMs,
      maxResponseBytes: 1,
    } as const;
    await expect(stuck.request(wish)).rejects.toMatchObject({ code: 'timeout', dialled: '93.184.216.34' });
  });
});

describe('kept connections', () => {
  const keeping = createEgress({ mode: 'development', keepAlive: true });
  const call = (url: string, wish: Partial<EgressRequest> = {}) =>
    keeping.request({
      url,
      method: 'POST',
      headers: {},
      body: Buffer.from('x'),
      deadlineMs: 5_000,
      maxResponseBytes: 100,
      ...wish,
    });

  test('serve the next request to their origin, and tell where they end', async () => {
    const ports: unknown[] = [];
    const url = await serve((request, response) => {
      ports.push(request.socket.remotePort);
      request.resume().on('end', () => response.end('ok'));
    });
    await call(url);
    expect(await call(`${url}other?x=1`)).toMatchObject({ status: 200, dialledAddress: '127.0.0.1' });
    expect(new Set(ports).size).toBe(1);
    const other = await serve((request, response) => {
      ports.push(request.socket.remotePort);
      response.end();
    });
    await call(other);
    expect(new Set(ports).size).toBe(2);
  });

  test('are not kept when the answer was cut short', async () => {
    const ports: unknown[] = [];
    const url = await serve((request, response) => {
      ports.push(request.socket.remotePort);
      response.end('y'.repeat(1_000));
    });
    for (let count = 0; count < 2; count += 1) expect((await call(url, { truncate: true })).truncated).toBe(true);
    expect(new Set(ports).size).toBe(2);
  });

  test('that the receiver closed without an answer cost nothing: the request goes out on a new one', async () => {
    let requests = 0;
    const url = await serveBytes((socket) => {
      let served = 0;
      socket.on('data', () => {
        requests += 1;
        served += 1;
        if (served === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        else socket.resetAndDestroy();
      });
    });
    expect((await call(url)).status).toBe(200);
    expect((await call(url)).status).toBe(200);
    expect(requests).toBe(3);
  });

  test('are judged by each request’s own deadline', async () => {
    let slow = false;
    const url = await serve((_, response) => {
      if (!slow) response.end('ok');
    });
    await call(url, { deadlineMs: 200 });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await call(url, { deadlineMs: 5_000 })).status).toBe(200);
    slow = true;
    await expect(call(url, { deadlineMs: 100 })).rejects.toMatchObject({ code: 'timeout', dialled: '127.0.0.1' });
  });

  test('are closed on demand: nothing holds the process', async () => {
    let open = 0;
    const server = createServer((_, response) => response.end('ok'));
    server.on('connection', (socket) => {
      open += 1;
      socket.on('close', () => (open -= 1));
    });
    const port = await listen(server);
    await call(`http://127.0.0.1:${port}/`);
    expect(open).toBe(1);
    await keeping.close();
    await expect.poll(() => open).toBe(0);
  });
});

describe('a failure has a code', () => {
  test('connect: nobody listens', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'connect', dialled: '127.0.0.1' });
  });

  test('protocol: accepted, then reset', async () => {
    const url = await serveBytes((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await expect(get(url)).rejects.toMatchObject({ code: 'protocol', dialled: '127.0.0.1' });
  });

  test('protocol: the answer ends too soon', async () => {
    const url = await serveBytes((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
    await expect(get(url)).rejects.toMatchObject({ code: 'protocol' });
  });

  test('protocol: the answer is not HTTP', async () => {
    const url = await serveBytes((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await expect(get(url)).rejects.toMatchObject({ code: 'protocol' });
  });

  test('tls: a certificate that nobody vouches for', async () => {
    const port = await listen(createTlsServer(testCertificate, (_, response) => response.end()));
    await expect(get(`https://localhost:${port}/`)).rejects.toMatchObject({ code: 'tls' });
  });

  test('and none where the certificate is trusted and names the host that was asked for', async () => {
    const port = await listen(createTlsServer(testCertificate, (_, response) => response.end('ok')));
    const trusting = createEgress({ mode: 'development', dial: buildConnector({ ca: testCertificate.cert }) });
    const call = (host: string) =>
      trusting.request({
        url: `https://${host}:${port}/`,
        method: 'GET',
        headers: {},
        deadlineMs: 5_000,
        maxResponseBytes: 9,
      });
    expect((await call('localhost')).body.toString()).toBe('ok');
    await expect(call('127.0.0.1')).rejects.toMatchObject({ code: 'tls' });
  });

  test('tls: the port does not speak it', async () => {
    const url = await serve((_, response) => response.end());
    await expect(get(url.replace('http:', 'https:'))).rejects.toMatchObject({ code: 'tls', dialled: '127.0.0.1' });
  });
});

// Self-signed for `localhost`, made for these tests only; guards nothing.
const testCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaxUHfr04wB5MZ64Y
Klq/yZCstSVIax0Q3d/R0sZrJDShRANCAARhKUBWOtu7OPB5wmBNVaDi3viY+Kkm
I6eVJ5KVveO5z/Ww7DFJcnFjBuihAOW6B1eaIE7DoCmTGQd23yuR7p96
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUc10ynSwPWDy2YkmKxr8MTGyqmKIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA1MzI1MloYDzIxMjYxMDI4
MDUzMjUyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARhKUBWOtu7OPB5wmBNVaDi3viY+KkmI6eVJ5KVveO5z/Ww7DFJcnFj
BuihAOW6B1eaIE7DoCmTGQd23yuR7p96o2kwZzAdBgNVHQ4EFgQUoV885YetqljP
P2vx1WnKsvgMxA0wHwYDVR0jBBgwFoAUoV885YetqljPP2vx1WnKsvgMxA0wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhAKZcsa/zyD/d+D6ty8gqug6sOmBKP1IsJk6f0Ih4Zq8LAiAW1m0WaVBY
RZuXzOgX5U55FS4OlQ39S+10ZUg4qU4IhQ==
-----END CERTIFICATE-----
`,
};
