import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, type buildConnector, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { EgressError } from './egress-error.ts';
import { guardedConnector, type Resolver, systemResolver } from './guarded-connector.ts';
import type { EgressMode } from './target-policy.ts';

const PUBLIC = ['93.184.216.34', '1.1.1.1'];

type Socket = { remoteAddress: string | undefined; destroyed: boolean; destroy(): void };
type Dial = { error: Error | null; socket: Socket | null };

function aSocket(remoteAddress: string | undefined): Socket {
  const socket = {
    remoteAddress,
    destroyed: false,
    destroy: () => {
      socket.destroyed = true;
    },
  };
  return socket;
}
const failing = (code?: string): Dial => ({
  error: Object.assign(new Error('no'), code === undefined ? {} : { code }),
  socket: null,
});

type Scene = {
  dials?: Dial[];
  resolver?: Resolver;
  mode?: EgressMode;
  hostname?: string;
  isOver?: () => boolean;
  onDial?: (address: string) => void;
};

/** Connects once; dial after dial ends as it is told. */
async function connect({ dials = [], resolver = async () => PUBLIC, hostname = 'public.example', ...options }: Scene) {
  const dialled: string[] = [];
  const dial = ((target: { hostname: string }, callback: (error: Error | null, socket: Socket | null) => void) => {
    const { error, socket } = dials[dialled.length] ?? failing();
    dialled.push(target.hostname);
    callback(error, socket);
  }) as unknown as buildConnector.connector;
  const open = guardedConnector({ mode: 'production', resolver, connectTimeoutMs: 1_000, dial, ...options });
  const { error, socket } = await new Promise<{ error: EgressError | null; socket: unknown }>((resolve) =>
    open({ hostname, protocol: 'http:', port: '80' }, (...[error, socket]: [Error | null, unknown]) =>
      resolve({ error: error as EgressError | null, socket }),
    ),
  );
  return { error, socket, dialled };
}

describe('what comes of a dial', () => {
  test('the first address that answers is the connection, and no other is dialled', async () => {
    const socket = aSocket(PUBLIC[0]);
    const heard: string[] = [];
    const outcome = await connect({ dials: [{ error: null, socket }], onDial: (address) => heard.push(address) });
    expect(outcome).toEqual({ error: null, socket, dialled: [PUBLIC[0]] });
    expect(heard).toEqual([PUBLIC[0]]);
    expect(socket.destroyed).toBe(false);
  });

  test.each([
    ['an error', failing('ECONNREFUSED')],
    ['neither error nor socket', { error: null, socket: null }],
    ['both, which is an error', { error: new Error('no'), socket: aSocket(PUBLIC[0]) }],
  ])('after %s the next address is tried', async (_, first) => {
    const socket = aSocket(PUBLIC[1]);
    expect(await connect({ dials: [first, { error: null, socket }] })).toEqual({
      error: null,
      socket,
      dialled: PUBLIC,
    });
  });

  test('when none answers, the last failure is told, with the address it was', async () => {
    const { error, socket, dialled } = await connect({ dials: [failing('ECONNREFUSED'), failing('ECONNRESET')] });
    expect(dialled).toEqual(PUBLIC);
    expect(socket).toBeNull();
    expect(error).toMatchObject({ code: 'connect', dialled: PUBLIC[1], message: 'the connection failed' });
    expect(error?.cause).toMatchObject({ code: 'ECONNRESET' });
  });

  test('neither error nor socket from the last address is a failed connection', async () => {
    const { error } = await connect({ resolver: async () => ['1.1.1.1'], dials: [{ error: null, socket: null }] });
    expect(error).toMatchObject({ code: 'connect', dialled: '1.1.1.1' });
  });

  test.each([
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'connecting took too long'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'the connection failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'the connection failed'],
    ['CERT_HAS_EXPIRED', 'tls', 'the connection failed'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'the connection failed'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'the connection failed'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'the connection failed'],
    ['HOSTNAME_MISMATCH', 'tls', 'the connection failed'],
    ['EPROTO', 'tls', 'the connection failed'],
    ['ECONNREFUSED', 'connect', 'the connection failed'],
    ['NOT_ERR_TLS', 'connect', 'the connection failed'],
    [undefined, 'connect', 'the connection failed'],
  ])('an error of code %s is %s', async (given, code, message) => {
    const failure = failing(given);
    const { error } = await connect({ resolver: async () => ['1.1.1.1'], dials: [failure] });
    expect(error).toBeInstanceOf(EgressError);
    expect(error).toMatchObject({ code, message, dialled: '1.1.1.1' });
    expect(error?.cause).toBe(failure.error);
  });

  test.each(['10.0.0.5', '127.0.0.1', ''])('a socket whose peer is "%s" is dropped', async (remoteAddress) => {
    const socket = aSocket(remoteAddress);
    const { error } = await connect({ dials: [{ error: null, socket }] });
    expect(error).toMatchObject({ code: 'blocked', message: 'the peer is not a public address', dialled: PUBLIC[0] });
    expect(socket.destroyed).toBe(true);
  });

  test('a peer that hung up before it could be looked at is a failed dial, to be tried again', async () => {
    const socket = aSocket(undefined);
    const { error } = await connect({ dials: [{ error: null, socket }] });
    expect(error).toMatchObject({ code: 'connect', message: 'the peer hung up at once', dialled: PUBLIC[0] });
    expect(socket.destroyed).toBe(true);
  });

  test('a loopback peer is kept in development by a host that says loopback, and dropped for any other', async () => {
    const mode = 'development';
    const kept = aSocket('127.0.0.1');
    const asked = { mode, hostname: 'localhost', resolver: async () => ['127.0.0.1'] } as const;
    expect((await connect({ ...asked, dials: [{ error: null, socket: kept }] })).socket).toBe(kept);
    const dropped = aSocket('127.0.0.1');
    expect((await connect({ mode, dials: [{ error: null, socket: dropped }] })).error).toMatchObject({
      code: 'blocked',
    });
    expect(dropped.destroyed).toBe(true);
  });
});

describe('a deadline that has passed', () => {
  const LATE = { code: 'timeout', message: 'the deadline passed while the name was resolved', dialled: null };

  test('keeps the first address from being dialled', async () => {
    const { error, dialled } = await connect({ isOver: () => true });
    expect(dialled).toEqual([]);
    expect(error).toMatchObject(LATE);
  });

  test('keeps the next address from being dialled', async () => {
    const heard: string[] = [];
    const { error, dialled } = await connect({
      isOver: () => heard.length > 0,
      onDial: (address) => heard.push(address),
    });
    expect(dialled).toEqual([PUBLIC[0]]);
    expect(error).toMatchObject(LATE);
  });
});

describe('a name', () => {
  test('that cannot be resolved, or has no address, or a bad one, is told apart', async () => {
    const cause = new Error('ENOTFOUND');
    const resolver: Resolver = () => Promise.reject(cause);
    const unknown = await connect({ resolver });
    expect(unknown.error).toMatchObject({ code: 'dns', message: 'the name could not be resolved', dialled: null });
    expect(unknown.error?.cause).toBe(cause);
    const empty = await connect({ resolver: async () => [] });
    expect(empty.error).toMatchObject({ code: 'dns', message: 'the name has no address' });
    const mixed = await connect({ resolver: async () => ['1.1.1.1', '10.0.0.5'] });
    expect(mixed.error).toMatchObject({
      code: 'blocked',
      message: 'the target is not a public address',
      dialled: null,
    });
    for (const { dialled } of [unknown, empty, mixed]) expect(dialled).toEqual([]);
  });

  test('is resolved by the operating system to plain addresses', async () => {
    const addresses = await systemResolver('localhost');
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(address).toMatch(/^(127\.0\.0\.1|::1)$/);
  });
});

test('without a dialler of its own it really connects', async () => {
  const server = createServer((_, response) => void response.end('here'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connector = guardedConnector({ mode: 'development', resolver: systemResolver, connectTimeoutMs: 5_000 });
  const agent = new Agent({ connect: connector });
  const { body } = await request(`http://127.0.0.1:${port}/`, { dispatcher: agent });
  expect(await body.text()).toBe('here');
  await agent.destroy();
  server.close();
});
