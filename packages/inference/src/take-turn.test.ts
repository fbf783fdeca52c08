import { describe, expect, it } from 'vitest';
import { takeTurn } from './take-turn.ts';

describe('takeTurn', () => {
  it('starts the next only when the last has ended, also when that failed', async () => {
    const log: string[] = [];
    const job = (name: string, fails = false) =>
      takeTurn(async () => {
        log.push(`${name} starts`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([job('a'), job('b', true), job('c')]);
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
