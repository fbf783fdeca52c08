import { reviewImagesResponse, reviewListResponse } from '@livegate/contracts/reviews';
import { setPolicies } from '@livegate/db/client-policies';
import { captureClient } from '@livegate/test-kit/capture-client';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { beforeAll, describe, expect, it } from 'vitest';

const stack = await startStack();
const face = await genuineFace();

async function call(method: string, path: string, { reviewer, body }: { reviewer?: string; body?: unknown } = {}) {
  const response = await fetch(stack.url + path, {
    method,
    headers: {
      authorization: `Bearer ${stack.apiKey}`,
      ...(reviewer ? { 'x-reviewer': reviewer } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
}
const listed = async (reviewer: string): Promise<string[]> =>
  reviewListResponse.parse((await call('GET', '/reviews', { reviewer })).body).reviews.map(({ id }) => id);
const claim = (id: string, reviewer: string) => call('POST', `/reviews/${id}/claim`, { reviewer });
const label = (id: string, reviewer: string, said: string) =>
  call('POST', `/reviews/${id}/label`, { reviewer, body: { label: said } });
const endLease = (id: string, reviewer: string) =>
  stack.db.query(`update review_labels set lease_until = now() where review_id = $1 and reviewer = $2`, [id, reviewer]);

/** A hosted check to its end. */
async function aCompleteCheck() {
  const backend = integrator(stack);
  const check = await backend.create({ audit_images: 2 });
  await captureClient(check.url).submit(face);
  const { body } = await backend.untilDone(check.token);
  return { ...check, result: body.result };
}

/** A check that is uncertain: its frames were those of another. */
async function anUncertainCheck() {
  const check = await aCompleteCheck();
  const { rows } = await stack.db.query(
    `select reviews.id from reviews join checks on checks.id = check_id where reference = $1`,
    [check.reference],
  );
  return { ...check, reviewId: rows[0]?.id as string };
}

beforeAll(async () => {
  const { rows } = await stack.db.query('select id from clients');
  await setPolicies(stack.db, { clientId: rows[0].id, riskPolicy: 'review' });
  await aCompleteCheck();
});

describe('the queue of uncertain verdicts', () => {
  it('is blind: nothing in it tells score, verdict, client, person or why', async () => {
    const check = await anUncertainCheck();
    expect(check.result).toMatchObject({ review: true });
    expect(check.result.risk_signals).toContain('IMAGE_REUSED');
    const { text, body } = await call('GET', '/reviews', { reviewer: 'ada' });
    expect(reviewListResponse.parse(body).reviews).toContainEqual({
      id: check.reviewId,
      created_at: expect.any(String),
      images: 3,
      images_until: expect.any(String),
      labels: 0,
      lease_until: null,
    });
    const claimed = await claim(check.reviewId, 'ada');
    const seen = await call('GET', `/reviews/${check.reviewId}/images`, { reviewer: 'ada' });
    const { rows } = await stack.db.query('select id, client_id, score::text from checks where reference = $1', [
      check.reference,
    ]);
    for (const secret of [
      check.token,
      check.reference,
      rows[0].id,
      rows[0].client_id,
      rows[0].score,
      'REUSED',
      'passed',
    ])
      for (const shown of [text, claimed.text, seen.text]) expect(shown).not.toContain(secret);
    expect(reviewImagesResponse.parse(seen.body).images).toHaveLength(3);
  });

  it('shows images to who has claimed it, while the claim lasts, and notes each read with its reader', async () => {
    const { reviewId, reference } = await anUncertainCheck();
    const images = (reviewer: string) => call('GET', `/reviews/${reviewId}/images`, { reviewer });
    expect((await images('ada')).body.code).toBe('review_not_claimed');
    await claim(reviewId, 'ada');
    expect((await images('ada')).status).toBe(200);
    expect((await images('ada')).status).toBe(200);
    expect((await images('eve')).body.code).toBe('review_not_claimed');
    await endLease(reviewId, 'ada');
    expect((await images('ada')).body.code).toBe('review_not_claimed');
    const { rows } = await stack.db.query(
      `select details from audit_log where action = 'images.read' and details ? 'review'
                                       and subject = (select id from checks where reference = $1)`,
      [reference],
    );
    const noted = { images: 3, review: reviewId, reviewer: 'ada' };
    expect(rows.map(({ details }) => details)).toEqual([noted, noted]);
  });

  it('gives a check to two reviewers and not to a third; a lease that ran out frees its place', async () => {
    const { reviewId } = await anUncertainCheck();
    const answers = await Promise.all(['ada', 'eve', 'joe', 'kim'].map((reviewer) => claim(reviewId, reviewer)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    const [first = '', late = ''] = ['ada', 'eve', 'joe', 'kim'].filter((_, place) => answers[place]?.status === 200);
    const third = ['ada', 'eve', 'joe', 'kim'].find((_, place) => answers[place]?.status === 409) as string;
    expect(await listed(third)).not.toContain(reviewId);
    await endLease(reviewId, late);
    expect(await listed(third)).toContain(reviewId);
    expect((await claim(reviewId, third)).status).toBe(200);
    expect((await claim(reviewId, late)).body.code).toBe('review_taken');
    expect((await claim(reviewId, first)).status).toBe(200);
  });

  it('takes one label of each reviewer, while the claim lasts, and changes no verdict', async () => {
    const { reviewId, token, result } = await anUncertainCheck();
    expect((await label(reviewId, 'ada', 'print')).body.code).toBe('review_not_claimed');
    await claim(reviewId, 'ada');
    expect((await label(reviewId, 'ada', 'nonsense')).status).toBe(400);
    expect((await label(reviewId, 'ada', 'print')).body).toEqual({ id: reviewId, label: 'print' });
    expect((await label(reviewId, 'ada', 'bona_fide')).body.code).toBe('review_not_claimed');
    expect((await claim(reviewId, 'ada')).body.code).toBe('review_taken');
    expect(await listed('ada')).not.toContain(reviewId);
    expect(await listed('eve')).toContain(reviewId);
    await claim(reviewId, 'eve');
    expect((await label(reviewId, 'eve', 'unsure')).status).toBe(200);
    expect(await listed('joe')).not.toContain(reviewId);
    expect((await integrator(stack).get(token)).body.result).toEqual(result);
  });

  it('ends with its images, and goes with its check', async () => {
    const { reviewId, reference } = await anUncertainCheck();
    await claim(reviewId, 'ada');
    const ofCheck = '(select id from checks where reference = $1)';
    await stack.db.query(`update checks set images_expire_at = now() where id = ${ofCheck}`, [reference]);
    expect(await listed('eve')).not.toContain(reviewId);
    expect((await claim(reviewId, 'eve')).body.code).toBe('review_taken');
    expect((await call('GET', `/reviews/${reviewId}/images`, { reviewer: 'ada' })).body).toEqual({
      id: reviewId,
      images: [],
    });
    expect((await call('DELETE', `/checks/${reference}`)).status).toBe(200);
    expect((await claim(reviewId, 'ada')).body.code).toBe('unknown_review');
    expect((await stack.db.query('select from review_labels where review_id = $1', [reviewId])).rowCount).toBe(0);
  });

  it('refuses a name that is none', async () => {
    expect((await call('GET', '/reviews', { reviewer: 'a b' })).status).toBe(400);
  });
});
