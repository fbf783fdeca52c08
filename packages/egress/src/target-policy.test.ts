import { describe, expect, test } from 'vitest';
import { checkTargetUrl } from './target-policy.ts';

const accepted = (text: string, mode: 'development' | 'production', allowFragment = false) =>
  checkTargetUrl(text, { mode, allowFragment }).ok;

describe('a target URL in both modes', () => {
  test.each([
    'https://hooks.example.com/path?q=1',
    'https://hooks.example.com:443/',
    'https://hooks.example.com./',
    'https://münchen.de/',
    `https://example.com/${'a'.repeat(2_048 - 20)}`,
  ])('%s is accepted', (text) => {
    expect(accepted(text, 'production')).toBe(true);
    expect(accepted(text, 'development')).toBe(true);
  });

  test.each([
    ['not a URL', 'hooks.example.com'],
    ['empty', ''],
    ['too long', `https://example.com/${'a'.repeat(2_048 - 19)}`],
    ['plain http', 'http://hooks.example.com/'],
    ['another scheme', 'ftp://hooks.example.com/'],
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)'],
    ['user and password', 'https://user:pass@hooks.example.com/'],
    ['a user', 'https://user@hooks.example.com/'],
    ['a host hidden behind userinfo', 'https://hooks.example.com@127.0.0.1/'],
    ['a fragment', 'https://hooks.example.com/#x'],
    ['an empty fragment', 'https://hooks.example.com/#'],
    ['another port', 'https://hooks.example.com:8443/'],
    ['a backslash', 'https:\\\\hooks.example.com\\'],
    ['a tab inside the scheme', 'ht\ttps://hooks.example.com/'],
    ['a newline', 'https://hooks.example.com/\nx'],
    ['a leading space', ' https://hooks.example.com/'],
    ['a NUL', 'https://hooks.example.com/\u0000'],
    ['a public IPv4 address', 'https://93.184.216.34/'],
    ['a public IPv6 address', 'https://[2606:4700:4700::1111]/'],
    ['a private address', 'https://10.0.0.5/'],
    ['cloud metadata', 'https://169.254.169.254/latest/meta-data/'],
    ['the unspecified address', 'https://0.0.0.0/'],
    ['a single label', 'https://intranet/'],
    ['multicast DNS', 'https://printer.local/'],
    ['a cloud-internal zone', 'https://metadata.google.internal/'],
    ['several trailing dots', 'https://metadata.google.internal../'],
  ])('%s is refused', (_, text) => {
    expect(accepted(text, 'production')).toBe(false);
    expect(accepted(text, 'development')).toBe(false);
  });

  test('a fragment is accepted where the caller allows one', () => {
    expect(accepted('https://shop.example.com/done#x', 'production', true)).toBe(true);
  });

  test('no fragment is accepted where the caller says nothing of one', () => {
    expect(checkTargetUrl('https://shop.example.com/done#x', { mode: 'production' }).ok).toBe(false);
  });

  test('a name that only begins like a local one is public', () => {
    expect(accepted('https://local.example.com/', 'production')).toBe(true);
    expect(accepted('https://example.local.com/', 'production')).toBe(true);
    expect(accepted('https://localhost.example.com/', 'production')).toBe(true);
  });

  test.each([
    [`https://example.com/${'a'.repeat(2_048)}`, 'must be at most 2048 characters'],
    ['https://example.com/ x', 'must not hold spaces, control characters or backslashes'],
    ['hooks.example.com', 'must be a URL'],
    ['https://user@example.com/', 'must not carry a user name or password'],
    ['https://example.com/#x', 'must not carry a fragment'],
    ['http://hooks.example.com/', 'must start with https://'],
    ['https://93.184.216.34/', 'must name a host, not an address'],
    ['https://example.com:8443/', 'must use port 443'],
    ['https://intranet.example.internal/', 'must name a public host'],
  ])('%s is refused in words that fit behind the name of a field', (text, why) => {
    expect(checkTargetUrl(text, { mode: 'production' })).toEqual({ ok: false, why });
  });

  test('loopback of another scheme is told both that would do', () => {
    const refusal = { ok: false, why: 'must start with https:// or http://' };
    expect(checkTargetUrl('ftp://localhost/', { mode: 'development' })).toEqual(refusal);
  });
});

describe('loopback', () => {
  test.each([
    'http://localhost:3000/hook',
    'https://localhost/',
    'http://LOCALHOST:1/',
    'http://localhost.:8080/',
    'http://127.0.0.1:9/',
    'http://127.9.9.9/',
    'http://2130706433:80/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127。0。0。1/',
    'http://[::1]:8080/',
    'http://[::ffff:127.0.0.1]/',
  ])('%s is for development only', (text) => {
    expect(accepted(text, 'development')).toBe(true);
    expect(accepted(text, 'production')).toBe(false);
    expect(accepted(text.replace('http:', 'https:'), 'production')).toBe(false);
  });

  test.each(['http://app.localhost/', 'http://localhost.example.com/', 'ftp://localhost/', 'http://u@localhost/'])(
    '%s does not count as loopback',
    (text) => {
      expect(accepted(text, 'development')).toBe(false);
    },
  );
});
