import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import type { ApiAnswer } from './description-faults.ts';
import { fetchDescribed, observeAnswers } from './watch-answers.ts';

const serve = async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.method === 'POST' ? 202 : 200;
    response.setHeader('Content-Type', 'application/json');
    // In pieces, in each of the ways that Node takes them.
    response.write('{"li');
    response.write(Buffer.from('ve":'));
    response.end('dHJ1ZX0=', 'base64');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => void server.close());
  return (server.address() as AddressInfo).port;
};
const [watched, other] = [await serve(), await serve()];

it('sees every answer on the port, whole, and none of another server', async () => {
  const answers: ApiAnswer[] = [];
  const stop = observeAnswers(watched, (answer) => answers.push(answer));
  for (const port of [watched, other]) await fetch(`http://127.0.0.1:${port}/livez?a=b`, { method: 'POST' });
  await fetch(`http://127.0.0.1:${watched}/elsewhere`);
  stop();
  await fetch(`http://127.0.0.1:${watched}/late`);
  expect(answers.map(({ method, target, status, body }) => [method, target, status, body.toString()])).toEqual([
    ['POST', '/livez?a=b', 202, '{"live":true}'],
    ['GET', '/elsewhere', 200, '{"live":true}'],
  ]);
  expect(answers[0]?.header('Content-Type')).toBe('application/json');
});

it('throws when another process answers what is not described', async () => {
  expect((await fetchDescribed(`http://127.0.0.1:${other}/livez`)).status).toBe(200);
  await expect(fetchDescribed(`http://127.0.0.1:${other}/elsewhere`)).rejects.toThrow('only 404 is expected');
});
