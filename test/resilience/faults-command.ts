/** `npm run test:faults -- --seed N --seconds S --backend postgres|redis [--faults a,b] [--people N] [--json] [--keep]` */
import { readBackend, readFaults, readOptions } from './command-line.ts';
import { makePlan } from './plan.ts';
import { runFaults } from './run-faults.ts';

/** Returns the exit code. */
export async function main(words: string[], interrupted: AbortSignal): Promise<number> {
  const options = readOptions(words, ['seed', 'seconds', 'backend', 'faults', 'people'], ['json', 'keep']);
  const backend = readBackend(options.text('backend'));
  const seed = options.number('seed', Date.now() % 100_000);
  const faults = readFaults(options.text('faults'));
  const { green, result, dir } = await runFaults({
    plan: makePlan({ seed, seconds: options.number('seconds', 60), backend, faults }),
    backend,
    people: options.number('people', 5),
    keep: options.has('keep'),
    say: (line) => console.log(line),
    interrupted,
  });
  console.log(
    Object.entries(result)
      .map(([name, value]) => `${name} ${value}`)
      .join(' · '),
  );
  if (!green) console.log(`RED: logs and history are in ${dir}`);
  if (options.has('json')) console.log(JSON.stringify(result));
  return green ? 0 : 1;
}
