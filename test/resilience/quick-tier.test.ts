import { afterEach, describe, expect, it } from 'vitest';
import { type Backend, removeRunDirectory } from './cluster.ts';
import { hasRedis } from './command-line.ts';
import { makePlan } from './plan.ts';
import { MUTANTS, mutate } from './preload/mutants.mjs';
import { runFaults } from './run-faults.ts';
import { isSeenRed, runSelfTest } from './self-test.ts';

const backends: Backend[] = hasRedis() ? ['postgres', 'redis'] : ['postgres'];
if (!hasRedis()) process.stderr.write('\n*** SKIPPED: no redis-server found: no faults on the Redis queue ***\n\n');

// Said only when a run did not end as it must: the story of a good one is nobody's to read.
const story: string[] = [];
const say = (line: string) => void story.push(line);
afterEach(({ task }) => {
  if (task.result?.state === 'fail') process.stderr.write(`${story.join('\n')}\n`);
  story.length = 0;
});

describe('real processes under faults, quick tier', () => {
  it.each(backends)('nothing is lost, nothing happens twice (queue on %s)', async (backend) => {
    const plan = makePlan({ seed: backend === 'redis' ? 5 : 4, seconds: 25, backend });
    const { result, findings } = await runFaults({ plan, backend, say });
    expect(findings).toEqual([]);
    expect(result).toMatchObject({ lost: 0, duplicated: 0, unexpected: 0, undelivered: 0 });
    expect(result.accepted).toBe(result.complete + result.expired + result.failed);
    expect(result.complete).toBeGreaterThan(0);
  });

  it('is red without the sweep: the harness sees what it is there to see', async () => {
    const outcome = await runSelfTest({ name: 'sweep-off', guarded: false, backend: backends.at(-1) as Backend, say });
    expect(isSeenRed('sweep-off', outcome), JSON.stringify(outcome.result)).toBe(true);
    await removeRunDirectory(outcome.dir);
  });
});

describe('a plan', () => {
  it('is its seed, and strikes with every fault before any comes again', () => {
    const wish = { seed: 7, seconds: 400, backend: 'redis' as const };
    expect(makePlan(wish)).toEqual(makePlan(wish));
    expect(makePlan(wish)).not.toEqual(makePlan({ ...wish, seed: 8 }));
    const names = new Set(makePlan(wish).strikes.map(({ fault }) => fault));
    expect(names.size).toBeGreaterThan(30);
    expect(makePlan({ ...wish, backend: 'postgres' }).strikes.some(({ fault }) => fault.startsWith('redis'))).toBe(
      false,
    );
  });
});

describe('mutants', () => {
  it('refuse a code they do not fit, so that none can silently do nothing', () => {
    for (const name of Object.keys(MUTANTS)) expect(() => mutate(name, 'other code')).toThrow(/does not fit/);
  });
});
