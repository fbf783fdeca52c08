import { expect, it } from 'vitest';
import { newId, randomAlphanumeric } from './ids.ts';

it('names what an id is of, and never twice the same', () => {
  const ids = Array.from({ length: 1_000 }, () => newId('event'));
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.every((id) => /^evt_[A-Za-z0-9]{26}$/.test(id))).toBe(true);
});

it('uses every letter and digit about equally often', () => {
  const counts = new Map<string, number>();
  for (const letter of randomAlphanumeric(62_000)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // 1,000 expected each, standard deviation 31: seven of them is beyond chance.
  expect(Math.max(...counts.values()) - 1_000).toBeLessThan(220);
});
