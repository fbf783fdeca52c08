/** What a one-shot check takes and says, beyond its contracts' documents. */
import { request } from 'node:http';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { expect, it } from 'vitest';

const stack = await startStack({ env: { LIVEGATE_SMARTCOMPLY_THRESHOLD: '1' } });
const face = await genuineFace();
const base64 = face.toString('base64');

type Answer = { status: number; headers: Record<string, unknown>; body: Record<string, never> };

/** Header values are sent as Latin-1, so that they can hold any bytes. */
function post(path: string, body: object, headers: Record<string, string | string[]> = {}): Promise<Answer> {
  const { hostname, port } = new URL(stack.url);
  const known = { authorization: `Bearer ${stack.apiKey}`, 'x-access-token': stack.apiKey };
  return new Promise((resolve, reject) => {
    const call = request({
      hostname,
      port,
      path,
      method: 'POST',
      headers: { ...known, 'content-type': 'application/json', ...headers },
    });
    call.on('error', reject);
    call.on('response', async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('');
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) });
    });
    // As bytes: with text of its own behind it, Node would write the headers in the text's encoding.
    call.end(Buffer.from(JSON.stringify(body)));
  });
}
const verifik = (image: string, headers = {}) =>
  post('/v2/face-recognition/liveness', { os: 'IOS', image, liveness_min_score: 0.6 }, headers);
const checkOf = async ({ headers }: Pick<Answer, 'headers'>) => {
  const { rows } = await stack.db.query(`select state, person_digest from checks where reference = $1`, [
    headers['x-request-id'],
  ]);
  return rows[0];
};

it("holds Smartcomply's checks to the server's threshold, and no other's", async () => {
  expect(await verifik(base64)).toMatchObject({ status: 200, body: { data: { passed: true } } });
  expect(await post('/api/onboarding/biometrics/face/liveliness_check/', { image: base64 })).toMatchObject({
    status: 200,
    body: { data: { status: false, response_code: '01' } },
  });
});

it.each(['image/jpeg;name=me.jpg', 'image/jpeg;charset=utf-8', 'application/octet-stream'])(
  'takes a data URI of type %s',
  async (type) => {
    expect(await verifik(`data:${type};base64,${base64}`)).toMatchObject({ status: 200 });
  },
);

it('answers an image it could not read with the reference of the check', async () => {
  const damaged = Buffer.concat([face.subarray(0, 200), Buffer.alloc(2_000)]);
  const answer = await verifik(damaged.toString('base64'));
  expect(answer.status).toBe(412);
  expect(await checkOf(answer)).toMatchObject({ state: 'complete' });
});

it('knows a person by the name in a header, in UTF-8 or Latin-1, as by the name in a body', async () => {
  const hosted = await integrator(stack).create({ person_reference: 'Zoë' });
  const { person_digest: digest } = await checkOf({ headers: { 'x-request-id': hosted.reference } });
  for (const name of [Buffer.from('Zoë').toString('latin1'), 'Zoë']) {
    const answer = await verifik(base64, { 'x-person-reference': name });
    expect((await checkOf(answer)).person_digest, name).toEqual(digest);
  }
});

it('takes one person a request', async () => {
  expect((await verifik(base64, { 'x-person-reference': ['a', 'b'] })).status).toBe(409);
});
