import { setTimeout as pause } from 'node:timers/promises';
import { createLogger } from '@livegate/telemetry/logger';
import { expect, it } from 'vitest';
import { eachOnItsOwn, ItemsFailed } from './each-on-its-own.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

it('does every item although one fails, and says so at the end', async () => {
  const done: string[] = [];
  const round = eachOnItsOwn(['a', 'bad', 'b'], logger, async (item) => {
    await pause(1);
    if (item === 'bad') throw new Error('no');
    done.push(item);
  });
  await expect(round).rejects.toMatchObject({ name: 'ItemsFailed', done: 2, message: '1 of 3 failed' });
  await expect(round).rejects.toBeInstanceOf(ItemsFailed);
  expect(done).toEqual(['a', 'b']);
});
