import { once } from 'node:events';
import { connect } from 'node:net';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { startApi } from '@livegate/test-kit/api';
import { describe, expect, it } from 'vitest';

const { url, apiKey } = await startApi();
const { port } = new URL(url);
const stranger = newApiKey('live');
const json = 'application/json';
const form = 'multipart/form-data; boundary=b';

/** Sends bytes as they are and gives what came back until `until` is in it. */
async function exchange(sent: string, until: RegExp = /\r\n\r\n/): Promise<string> {
  const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1');
  await once(socket, 'connect');
  socket.write(sent);
  let received = '';
  for await (const chunk of socket) {
    received += chunk;
    if (until.test(received)) break;
  }
  return received;
}

const facades = [
  { name: 'GlobalData', path: '/liveness_check', type: json, key: `Authorization: Bearer ${stranger}` },
  { name: 'Verifik', path: '/v2/face-recognition/liveness', type: json, key: `Authorization: Bearer ${stranger}` },
  {
    name: 'Kairos',
    path: '/v0.1/liveness-verification',
    type: form,
    key: `app_id: ${parseApiKey(stranger)?.keyId}\r\napp_key: ${stranger}`,
  },
  {
    name: 'Smartcomply',
    path: '/api/onboarding/biometrics/face/liveliness_check/',
    type: json,
    key: `x-access-token: ${stranger}`,
  },
];

describe.each(facades)('$name: who is not known', ({ path, type, key }) => {
  const head = (lines: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${lines}\r\n\r\n`;

  it.each([
    ['without a key', ''],
    ['with a key that nobody has', `${key}\r\n`],
  ])('is refused %s before a byte of the body has come', async (_name, credentials) => {
    expect(await exchange(head(`${credentials}Content-Length: 9000000`))).toMatch(/^HTTP\/1.1 401 /);
  });

  it('learns nothing of the body: neither that it is broken nor that it is too large', async () => {
    expect(await exchange(`${head('Content-Length: 7')}{"os":\n`)).toMatch(/^HTTP\/1.1 401 /);
    expect(await exchange(head('Content-Length: 900000000'))).toMatch(/^HTTP\/1.1 401 /);
    expect(await exchange(head('Content-Length: 5\r\nContent-Encoding: gzip'))).toMatch(/^HTTP\/1.1 401 /);
  });

  it('may finish sending and ask again on the same connection', async () => {
    const body = 'x'.repeat(300_000);
    const twice = await exchange(
      `${head(`Content-Length: ${body.length}`)}${body}${head('Content-Length: 0')}`,
      /401 [\s\S]*401 /,
    );
    expect(twice.match(/HTTP\/1.1 401 /g)).toHaveLength(2);
  });

  it('sees the refusal to the end although it sends on and asked for the connection to be closed', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1');
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk;
      });
      const closed = new Promise<Error | null>((resolve) => {
        socket.once('error', resolve).once('close', () => resolve(null));
      });
      socket.write(head('Connection: close\r\nContent-Length: 9000000'));
      socket.write(Buffer.alloc(9_000_000, 'x'));
      expect(await closed).toBeNull();
      expect(received).toMatch(/^HTTP\/1.1 401 [\s\S]*\}$/);
    }
  });

  it('is not asked for a body that it offers to hold back', async () => {
    const answer = await exchange(head('Content-Length: 9000000\r\nExpect: 100-continue'), /\r\n\r\n[\s\S]/);
    expect(answer).toMatch(/^HTTP\/1.1 401 [\s\S]*\r\nConnection: close\r\n/);
  });

  it('is cut off when there is no end to what it sends', async () => {
    const socket = connect(Number(port), '127.0.0.1').resume();
    socket.on('error', () => undefined);
    const megabyte = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    let sent = 0;
    const sendMore = () => {
      sent += 1;
      if (sent < 500 && !socket.destroyed) socket.write(megabyte, sendMore);
    };
    socket.write(head('Transfer-Encoding: chunked'), sendMore);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(sent).toBeLessThan(40);
  });
});

it('asks a caller it knows for the body that it held back', async () => {
  const head = `POST /liveness_check HTTP/1.1\r\nHost: a\r\nContent-Type: ${json}\r\nAuthorization: Bearer ${apiKey}`;
  const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1');
  let received = '';
  socket.write(`${head}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`);
  for await (const chunk of socket) {
    if (received === '') socket.write('{}');
    received += chunk;
    if (/return_url is required/.test(received)) break;
  }
  expect(received).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 400 /);
});

describe('a key', () => {
  const head = (lines: string) => `GET /liveness_check?token=x HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`;

  it('is taken when it is sent once, and not when it is sent twice', async () => {
    const line = `Authorization: Bearer ${apiKey}`;
    expect(await exchange(head(line))).toMatch(/^HTTP\/1.1 400 /);
    expect(await exchange(head(`${line}\r\n${line}`))).toMatch(/^HTTP\/1.1 401 /);
    expect(await exchange(head(`${line}\r\nAuthorization: Bearer ${stranger}`))).toMatch(/^HTTP\/1.1 401 /);
  });

  it('is taken in either spelling of the two headers, and in both when they agree', async () => {
    const id = parseApiKey(apiKey)?.keyId;
    const post = (lines: string) =>
      exchange(
        `POST /v0.2/liveness-verification HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Type: text/plain\r\n${lines}\r\n\r\n`,
      );
    const known = /^HTTP\/1.1 400 /;
    const unknown = /^HTTP\/1.1 401 /;
    expect(await post(`app_id: ${id}\r\napp_key: ${apiKey}`)).toMatch(known);
    expect(await post(`app-id: ${id}\r\napp-key: ${apiKey}`)).toMatch(known);
    expect(await post(`app-id: ${id}\r\napp_id: ${id}\r\napp-key: ${apiKey}`)).toMatch(known);
    expect(await post(`app-id: ${id}\r\napp_id: other\r\napp-key: ${apiKey}`)).toMatch(unknown);
    expect(await post(`app_id: ${id}\r\napp_key: ${apiKey}\r\napp_key: ${apiKey}`)).toMatch(unknown);
    expect(await post(`app_id: ${id}\r\napp_key: ${stranger}`)).toMatch(unknown);
  });
});
