/** `npm run test:targets [-- --backend postgres|redis --only R2 --json]`: each number beside its target. */
import { join } from 'node:path';
import { makeRunDirectory, removeRunDirectory, startCluster } from './cluster.ts';
import { readBackend, readOptions } from './command-line.ts';
import { openHistory } from './history.ts';
import { openBench } from './targets/bench.ts';
import { TARGETS } from './targets/targets.ts';

/** Returns the exit code: 0 when every target was met. */
export async function main(words: string[], interrupted: AbortSignal): Promise<number> {
  const options = readOptions(words, ['backend', 'only'], ['json']);
  const backend = readBackend(options.text('backend'));
  const only = options.text('only');
  const wanted = TARGETS.filter(({ id, redisOnly }) => (!redisOnly || backend === 'redis') && (only ?? id) === id);
  const dir = await makeRunDirectory();
  const history = openHistory(join(dir, 'history.jsonl'));
  const cluster = await startCluster({ backend, history, dir });
  const measured: { id: string; what: string; target: number; seconds: number | null; why?: string }[] = [];
  try {
    await cluster.ready();
    const bench = await openBench(cluster);
    await bench.untilEnded([await bench.submitted()]);
    console.log(`| ${backend} | | target | measured | |\n|---|---|---|---|---|`);
    for (const { id, what, seconds: target, measure } of wanted) {
      if (interrupted.aborted) break;
      // One that fails is no reason to keep the others from being measured.
      const seconds = await measure(bench).catch((error: Error) => error.message);
      const row = typeof seconds === 'number' ? { seconds } : { seconds: null, why: seconds };
      measured.push({ id, what, target, ...row });
      const met = row.seconds !== null && row.seconds <= target;
      const figure = row.seconds === null ? row.why : `${row.seconds.toFixed(row.seconds < 1 ? 3 : 1)} s`;
      console.log(`| ${id} | ${what} | ${target} s | ${figure} | ${met ? 'met' : 'MISSED'} |`);
      await cluster.ready();
    }
  } finally {
    await cluster.stop();
    await history.close();
  }
  if (options.has('json')) console.log(JSON.stringify(measured));
  const good =
    measured.length === wanted.length && measured.every(({ seconds, target }) => (seconds ?? target + 1) <= target);
  if (good) await removeRunDirectory(dir);
  else console.log(`logs are in ${dir}`);
  return good ? 0 : 1;
}
