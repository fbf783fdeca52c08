import { createClient } from '@livegate/db/clients';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { expect, it } from 'vitest';
import { POLICY_COMMANDS } from './policy-commands.ts';

const { db } = await cloneDatabase();
const run = (name: keyof typeof POLICY_COMMANDS, ...positionals: string[]) =>
  POLICY_COMMANDS[name].run(db, { positionals });

it('shows what a client decides, and changes one thing at a time', async () => {
  const client = await createClient(db, { name: 'Careful' });
  expect(await run('policy show', client)).toEqual([{ client, alternative: 'refer', risk: 'report', lock: 'usual' }]);
  expect(await run('policy alternative', client, 'still')).toEqual([
    { client, alternative: 'still', risk: 'report', lock: 'usual' },
  ]);
  expect(await run('policy risk', client, 'fail')).toEqual([
    { client, alternative: 'still', risk: 'fail', lock: 'usual' },
  ]);
});

it('sets and lifts the lock of those who fail too often', async () => {
  const client = await createClient(db, { name: 'Patient' });
  for (const lock of ['3/60/600', 'off', 'usual']) {
    expect(await run('policy lock', client, lock)).toMatchObject([{ lock }]);
  }
  await expect(run('policy lock', client, '3/60')).rejects.toThrow('the lock must be');
  await expect(run('policy lock', 'cli_nobody', 'off')).rejects.toThrow('no client cli_nobody');
});

it('refuses a client that is not there, and words that are no policy', async () => {
  await expect(run('policy show', 'cli_nobody')).rejects.toThrow('no client cli_nobody');
  await expect(run('policy risk', 'cli_nobody', 'fail')).rejects.toThrow('no client cli_nobody');
  await expect(run('policy risk', 'cli_nobody', 'ignore')).rejects.toThrow('is not one of');
});
