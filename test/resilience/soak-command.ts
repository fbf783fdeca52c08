/** `npm run test:soak -- [--minutes 60] [--backend postgres|redis] [--people N]` */
import { removeRunDirectory } from './cluster.ts';
import { readBackend, readOptions } from './command-line.ts';
import { soak } from './soak.ts';

const JUDGED_FROM_MINUTES = 20;

/** Returns the exit code: 0 when nothing grew. */
export async function main(words: string[], interrupted: AbortSignal): Promise<number> {
  const options = readOptions(words, ['minutes', 'backend', 'people'], []);
  const minutes = options.number('minutes', 60);
  const { rows, dir } = await soak({
    minutes,
    backend: readBackend(options.text('backend')),
    people: options.number('people', 3),
    say: (line) => console.log(line),
    interrupted,
  });
  console.log('\n| process | RSS | RSS slope, MB in 10 min | open files slope in 10 min | event-loop delay p99 | |');
  console.log('|---|---|---|---|---|---|');
  for (const { name, rssMb, rssSlopeMbPer10Min, filesSlopePer10Min, delayP99Ms, faults } of rows) {
    const delay = delayP99Ms === null ? '' : `${delayP99Ms} ms`;
    console.log(
      `| ${[name, `${rssMb} MB`, rssSlopeMbPer10Min, filesSlopePer10Min, delay, faults.join(', ') || 'ok'].join(' | ')} |`,
    );
  }
  if (minutes < JUDGED_FROM_MINUTES) {
    console.log(
      `not judged: below ${JUDGED_FROM_MINUTES} minutes the warm-up and the collector are all there is to see`,
    );
    await removeRunDirectory(dir);
    return 0;
  }
  const good = rows.every(({ faults }) => faults.length === 0);
  if (good) await removeRunDirectory(dir);
  else console.log(`RED: logs, history and probes are in ${dir}`);
  return good ? 0 : 1;
}
