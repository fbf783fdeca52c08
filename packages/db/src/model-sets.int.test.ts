import { aCheck } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { expect, it } from 'vitest';
import { findModelSetOfCheck, recordModelSet } from './model-sets.ts';

const { db } = await cloneDatabase();

const set = {
  digest: 'c'.repeat(64),
  profile: 'recommended',
  models: [
    { id: 'first', sha256: '1'.repeat(64) },
    { id: 'second', sha256: '2'.repeat(64) },
  ],
  recipe: { weights: { first: 1, second: 2 } },
};

it('is recorded once and found by the check that was scored with it', async () => {
  await recordModelSet(db, set);
  await recordModelSet(db, { ...set, profile: 'another' });
  const check = await aCheck(db);
  expect(await findModelSetOfCheck(db, check.id)).toBeNull();
  await db.query('update checks set model_set = $2 where id = $1', [check.id, set.digest]);
  expect(await findModelSetOfCheck(db, check.id)).toEqual(set);
});
