import { startApi } from '@livegate/test-kit/api';
import { captureClient } from '@livegate/test-kit/capture-client';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { expect, it } from 'vitest';

const api = await startApi();
const { db } = api.database;
const face = await genuineFace();

/** A capture in which a move was asked for and frames were sent, and the wish to go on without. */
async function declinedInTheMiddle() {
  const { url, token } = await integrator(api).create({ challenge: 'turn', return_url: 'https://shop.example/back' });
  const cookies = new Map<string, string>();
  const person = captureClient(url, cookies);
  const { nonce } = (await person.start()).body.challenge;
  expect((await person.putFrame(0, face, nonce)).status).toBe(200);
  await db.query(
    `update challenge_steps set nonce = 'seen' || check_id, revealed_at = now(), deadline_at = now() + interval '10 seconds'
      where step = 1 and check_id = (select id from checks where token = $1)`,
    [token],
  );
  const answer = await fetch(`${url}/alternative`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
    body: '{}',
  });
  return { person, token, answer: await answer.json() };
}
const remains = async (token: string) => {
  const { rows } = await db.query(
    `select attempt, (select count(*)::int from frames where check_id = checks.id) as frames,
            (select count(*)::int from challenge_steps where check_id = checks.id) as steps from checks where token = $1`,
    [token],
  );
  return rows[0];
};

it('goes on without turning where the client lets it, and nothing of the moves remains', async () => {
  await db.query("update clients set turn_alternative = 'still'");
  const { person, token, answer } = await declinedInTheMiddle();
  expect(answer).toEqual({ continues: true, redirect_url: null });
  expect((await person.start()).body).toMatchObject({ attempt: 1, challenge: null });
  expect(await remains(token)).toEqual({ attempt: 1, frames: 0, steps: 0 });
  expect((await person.putFrame(0, face)).status).toBe(204);
});

it('sends the person back otherwise; the moves that were seen count as an attempt', async () => {
  await db.query("update clients set turn_alternative = 'refer'");
  const { person, answer } = await declinedInTheMiddle();
  expect(answer.continues).toBe(false);
  expect(answer.redirect_url).toContain('error=cancelled');
  expect((await person.start()).body).toMatchObject({ code: 'capture_closed' });
});
