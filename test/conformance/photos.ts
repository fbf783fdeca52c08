/** A web server of photos: what an integrator's URL points at. Ended after the file's last test. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** Serves `photos` by path and gives the origin. */
export async function servePhotos(photos: Record<string, Buffer>): Promise<string> {
  const server = createServer((request, response) => {
    const photo = photos[request.url ?? ''];
    if (photo) response.writeHead(200, { 'content-type': 'image/jpeg' }).end(photo);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
