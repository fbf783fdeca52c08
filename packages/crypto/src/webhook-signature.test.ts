import { execFileSync, spawnSync } from 'node:child_process';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import published from '../vectors/webhook-signature.json' with { type: 'json' };
import { legacySignature, newWebhookSecret, signatureHeaders, standardSignature } from './webhook-signature.ts';

describe('webhook signatures', () => {
  test.each(published.vectors)('equal what openssl makes for $id', (vector) => {
    const message = { ...vector, body: Buffer.from(vector.body) };
    expect(legacySignature(message)).toBe(vector.signature);
    expect(standardSignature(message)).toBe(vector.webhookSignature);
  });

  test('are accepted by an independent verifier, and refused with one byte changed', () => {
    const secret = newWebhookSecret();
    const body = Buffer.from('{"event":"complete","name":"Zoë"}');
    const timestampSeconds = Math.floor(Date.now() / 1_000);
    const headers = signatureHeaders({ secrets: [secret], id: 'evt_1', timestampSeconds, body });
    const verifier = new Webhook(secret);
    expect(verifier.verify(body.toString(), headers)).toEqual({ event: 'complete', name: 'Zoë' });
    expect(() => verifier.verify(body.toString().replace('complete', 'Complete'), headers)).toThrow();
    expect(() => verifier.verify(body.toString(), { ...headers, 'webhook-id': 'evt_2' })).toThrow();
    expect(() => new Webhook(newWebhookSecret()).verify(body.toString(), headers)).toThrow();
  });

  test('come as four headers, of which `Signature` is the bare digest', () => {
    const message = {
      secrets: [newWebhookSecret()] as [string],
      id: 'evt_1',
      timestampSeconds: 1_767_225_600,
      body: Buffer.from('{}'),
    };
    expect(signatureHeaders(message)).toEqual({
      Signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      'webhook-id': 'evt_1',
      'webhook-timestamp': '1767225600',
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
  });

  test('are made with every secret of a rotation; `Signature` is that of the newest alone', () => {
    const [newest, older] = [newWebhookSecret(), newWebhookSecret()];
    const body = Buffer.from('{"event":"complete"}');
    const timestampSeconds = Math.floor(Date.now() / 1_000);
    const headers = signatureHeaders({ secrets: [newest, older], id: 'evt_1', timestampSeconds, body });
    expect(headers.Signature).toBe(legacySignature({ secret: newest, body }));
    for (const secret of [newest, older]) {
      expect(new Webhook(secret).verify(body.toString(), headers)).toEqual({ event: 'complete' });
    }
    expect(() => new Webhook(newWebhookSecret()).verify(body.toString(), headers)).toThrow();
  });

  test('cover bytes, not text: an invalid UTF-8 body is not repaired', () => {
    const secret = newWebhookSecret();
    const sign = (body: Buffer) => legacySignature({ secret, body });
    expect(sign(Buffer.of(0xff))).not.toBe(sign(Buffer.of(0xfe)));
    const standard = (body: Buffer) => standardSignature({ secret, id: 'e', timestampSeconds: 1, body });
    expect(standard(Buffer.of(0xff))).not.toBe(standard(Buffer.of(0xfe)));
  });

  test('have a secret of 32 random bytes', () => {
    const secret = newWebhookSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newWebhookSecret()).not.toBe(secret);
  });

  // Receivers in any language have these at hand: what they compute from the vectors must be what we send.
  test.skipIf(!has('openssl', 'version'))('equal what openssl computes here', () => {
    for (const vector of published.vectors) {
      const legacyKey = Buffer.from(vector.secret).toString('hex');
      expect(openssl(legacyKey, Buffer.from(vector.body)).toString('hex')).toBe(vector.signature);
      const standardKey = Buffer.from(vector.secret.slice('whsec_'.length), 'base64').toString('hex');
      const signed = Buffer.from(`${vector.id}.${vector.timestampSeconds}.${vector.body}`);
      expect(`v1,${openssl(standardKey, signed).toString('base64')}`).toBe(vector.webhookSignature);
    }
  });

  test.skipIf(!has('python3', '--version'))('equal what one line of Python computes here', () => {
    const line =
      'import sys,json,hmac,hashlib,base64 as b;v=json.load(sys.stdin);h=lambda k,m:hmac.new(k,m,hashlib.sha256);s,t=v["secret"],v["body"].encode();' +
      'print(h(s.encode(),t).hexdigest(),"v1,"+b.b64encode(h(b.b64decode(s[6:]),f\'{v["id"]}.{v["timestampSeconds"]}.\'.encode()+t).digest()).decode())';
    for (const vector of published.vectors) {
      const printed = execFileSync('python3', ['-c', line], { input: JSON.stringify(vector), encoding: 'utf8' });
      expect(printed.trim()).toBe(`${vector.signature} ${vector.webhookSignature}`);
    }
  });
});

function openssl(hexKey: string, input: Buffer): Buffer {
  return execFileSync('openssl', ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hexKey}`, '-binary'], {
    input,
  });
}

function has(command: string, argument: string): boolean {
  if (spawnSync(command, [argument]).status === 0) return true;
  process.stderr.write(`\n*** SKIPPED: no ${command} found: webhook signatures are not checked against it ***\n\n`);
  return false;
}
