/** `npm run test:faults:self -- [--backend postgres|redis]`: every guard taken away once, and seen to be missed. */

import { removeRunDirectory } from './cluster.ts';
import { readBackend, readOptions } from './command-line.ts';
import { isSeenRed, runSelfTest, SELF_TEST_NAMES, SELF_TESTS } from './self-test.ts';

/** Returns the exit code: 0 when every mutilated run was red for its reason and every control green. */
export async function main(words: string[], interrupted: AbortSignal): Promise<number> {
  const backend = readBackend(readOptions(words, ['backend'], []).text('backend'));
  const say = (line: string) => console.log(`    ${line}`);
  let allAsTheyMust = true;
  for (const name of SELF_TEST_NAMES) {
    for (const guarded of [false, true]) {
      console.log(`${name}: ${guarded ? 'control, with' : 'without'} ${SELF_TESTS[name].without}`);
      const outcome = await runSelfTest({ name, guarded, backend, say, interrupted });
      const asItMust = guarded ? outcome.green : isSeenRed(name, outcome);
      console.log(
        `${asItMust ? 'as it must be' : 'WRONG'}: ${outcome.green ? 'green' : 'red'} ${JSON.stringify(outcome.result)}`,
      );
      if (asItMust) await removeRunDirectory(outcome.dir);
      allAsTheyMust &&= asItMust;
    }
  }
  return allAsTheyMust ? 0 : 1;
}
