import { Agent, type buildConnector, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { EgressError } from './egress-error.ts';
import { guardedConnector, type Resolver } from './guarded-connector.ts';
import type { EgressMode } from './target-policy.ts';

const NAMES: Record<string, string[]> = {
  'public.example': ['93.184.216.34'],
  'private.example': ['10.0.0.5'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'mixed6.example': ['2606:4700:4700::1111', 'fe80::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'azure.example': ['168.63.129.16'],
  'loopback.example': ['127.0.0.1'],
  'nat64.example': ['64:ff9b::a9fe:a9fe'],
  'zone.example': ['fe80::1%eth0'],
  'garbage.example': ['not an address'],
  'empty.example': [],
  localhost: ['127.0.0.1', '::1'],
  'xn--mnchen-3ya.example': ['192.168.0.1'],
};

const fakeResolver: Resolver = async (host) => {
  const addresses = NAMES[host];
  if (!addresses) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  return addresses;
};

/** Asks for `url` through the guard, with a dialler that only takes notes. */
async function dials(url: string, { mode = 'production' as EgressMode, resolver = fakeResolver } = {}) {
  const dialled: string[] = [];
  const dial: buildConnector.connector = ({ hostname }, callback) => {
    dialled.push(hostname);
    callback(Object.assign(new Error('no network here'), { code: 'ECONNREFUSED' }), null);
  };
  const agent = new Agent({ connect: guardedConnector({ mode, resolver, connectTimeoutMs: 1_000, dial }) });
  const error: unknown = await request(url, { dispatcher: agent }).catch((reason: unknown) => reason);
  await agent.destroy();
  return { dialled, code: error instanceof EgressError ? error.code : String(error) };
}

const HOSTILE_HOSTS = [
  // Loopback, and the ways to spell it.
  ...[
    '127.0.0.1:1',
    '127.1',
    '127.255.255.254',
    'localhost:1',
    'LOCALHOST',
    'localhost.',
    '0.0.0.0:1',
    '0',
    '2130706433',
  ],
  ...[
    '0x7f.1',
    '0x7f000001',
    '017700000001',
    '0177.0.0.1',
    '0177.0.0x1',
    '127。0。0。1',
    '１２７.０.０.１',
    '①②⑦.0.0.1',
  ],
  ...[
    '%31%32%37.0.0.1',
    '127.0.0.1.',
    'user:pass@127.0.0.1',
    'public.example@127.0.0.1',
    '[::1]:1',
    '[0:0:0:0:0:0:0:1]',
  ],
  // IPv4 inside IPv6.
  ...['[::ffff:127.0.0.1]:1', '[::ffff:7f00:1]:1', '[::ffff:a9fe:a9fe]', '[::127.0.0.1]', '[::7f00:1]', '[::]'],
  ...['[64:ff9b::7f00:1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:a9fe:a9fe::]'],
  ...['[2001:0:7f00:1::]', '[2001:0:4136:e378:8000:63bf:3fff:fdd2]', '[::ffff:0:7f00:1]'],
  // Ranges that are not the public Internet.
  ...['[fe80::1]', '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[100::1]', '[5f00::1]', '[3fff::1]', '[2001:db8::1]'],
  ...['[ff02::1]', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
  ...['192.0.0.1', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1'],
  '255.255.255.255',
  // Cloud metadata.
  ...[
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    '2852039166',
    '0xa9fea9fe',
  ],
  // Names whose answers are bad, wholly or in part.
  ...['private.example', 'mixed.example', 'mixed6.example', 'mapped.example', 'metadata.example', 'azure.example'],
  ...['loopback.example', 'nat64.example', 'zone.example', 'garbage.example', 'PRIVATE.example', 'private.example.'],
  ...['münchen.example', 'private。example'],
];

describe('the guarded connector', () => {
  test.each(HOSTILE_HOSTS)('never dials for http://%s/', async (host) => {
    expect(await dials(`http://${host}/`)).toEqual({ dialled: [], code: 'blocked' });
  });

  test('has a table of at least sixty hostile hosts', () => {
    expect(new Set(HOSTILE_HOSTS).size).toBeGreaterThanOrEqual(60);
  });

  test.each([
    ['http://public.example/', '93.184.216.34'],
    ['https://public.example/', '93.184.216.34'],
    ['http://93.184.216.34/', '93.184.216.34'],
    ['http://[2606:4700:4700::1111]/', '2606:4700:4700::1111'],
  ])('dials the checked address for %s', async (url, address) => {
    expect(await dials(url)).toEqual({ dialled: [address], code: 'connect' });
  });

  test('pins: a name that answers differently each time is resolved once per connection', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1'], ['93.184.216.34'], ['127.0.0.1']];
    let asked = 0;
    const resolver: Resolver = async () => answers[asked++ % answers.length] ?? [];
    const seen = [];
    for (let round = 0; round < answers.length; round += 1)
      seen.push(await dials('http://rebind.example/', { resolver }));
    expect(asked).toBe(answers.length);
    expect(seen.map(({ dialled }) => dialled)).toEqual([['93.184.216.34'], [], ['93.184.216.34'], []]);
  });

  test.each(['http://unknown.example/', 'http://empty.example/'])('says dns where %s has no address', async (url) => {
    expect(await dials(url)).toEqual({ dialled: [], code: 'dns' });
  });

  test('in development dials loopback for those who say so, and for nobody else', async () => {
    const mode = 'development';
    // The first address does not answer here, so the next one of the name is tried.
    expect((await dials('http://localhost:1/', { mode })).dialled).toEqual(['127.0.0.1', '::1']);
    expect((await dials('http://localhost.:1/', { mode, resolver: async () => ['::1'] })).dialled).toEqual(['::1']);
    expect((await dials('http://127.0.0.1:1/', { mode })).dialled).toEqual(['127.0.0.1']);
    expect((await dials('http://[::1]:1/', { mode })).dialled).toEqual(['::1']);
    for (const host of ['loopback.example', 'private.example', '10.0.0.1', '0.0.0.0', '169.254.169.254']) {
      expect(await dials(`http://${host}/`, { mode })).toEqual({ dialled: [], code: 'blocked' });
    }
    const poisoned: Resolver = async () => ['127.0.0.1', '10.0.0.1'];
    expect((await dials('http://localhost/', { mode, resolver: poisoned })).dialled).toEqual([]);
  });

  test('keeps the name for TLS while it dials the pinned address', async () => {
    const seen: buildConnector.Options[] = [];
    const dial: buildConnector.connector = (options, callback) => {
      seen.push(options);
      callback(new Error('stop here'), null);
    };
    const connect = guardedConnector({ mode: 'production', resolver: fakeResolver, connectTimeoutMs: 1_000, dial });
    const agent = new Agent({ connect });
    await request('https://public.example/', { dispatcher: agent }).catch(() => {});
    await agent.destroy();
    expect(seen).toMatchObject([{ hostname: '93.184.216.34', host: 'public.example' }]);
  });

  test('drops a socket whose peer is not the public address it was told to dial', async () => {
    let destroyed = false;
    const socket = { remoteAddress: '127.0.0.1', destroy: () => (destroyed = true) };
    const dial = ((_: unknown, callback: (error: null, made: unknown) => void) => {
      callback(null, socket);
    }) as unknown as buildConnector.connector;
    const connect = guardedConnector({ mode: 'production', resolver: fakeResolver, connectTimeoutMs: 1_000, dial });
    const error = await new Promise((resolve) =>
      connect({ hostname: 'public.example', protocol: 'http:', port: '80' }, (...[reason]: [Error | null, unknown]) =>
        resolve(reason),
      ),
    );
    expect(error).toMatchObject({ code: 'blocked', dialled: '93.184.216.34' });
    expect(destroyed).toBe(true);
  });
});
