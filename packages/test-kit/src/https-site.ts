/** Sites over https with a certificate that nobody trusts: what a browser needs for cameras and cookies in frames. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type RequestListener, request as sendRequest } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

export type HttpsSite = { port: number; on(host: string): string };

/** Answers on a free port of this machine, under whichever of its names; closed after the test file. */
export async function startHttpsSite(listener: RequestListener): Promise<HttpsSite> {
  const server = createServer(await makeCertificate(), listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, on: (host) => `https://${host}:${port}` };
}

/** Passes every request on to an http server of this machine: the proxy that ends TLS. */
export function passOnTo(target: () => number): RequestListener {
  return (request, response) => {
    const { method, headers, url: path } = request;
    const onward = sendRequest({ host: '127.0.0.1', port: target(), method, headers, path }, (answer) => {
      // One by one, so that who watches the answers of this port can read them.
      for (const [name, value] of Object.entries(answer.headers)) if (value) response.setHeader(name, value);
      response.statusCode = answer.statusCode ?? 502;
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
}

async function makeCertificate(): Promise<{ key: Buffer; cert: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-certificate-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', keyFile, '-out', certFile];
  await promisify(execFile)('openssl', ['req', '-x509', ...curve, '-days', '2', '-subj', '/CN=localhost', ...files]);
  const pair = { key: await readFile(keyFile), cert: await readFile(certFile) };
  await rm(folder, { recursive: true });
  return pair;
}
