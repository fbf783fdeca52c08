// npm run test:fuzz -- --runs 100000 --seed 1: the fuzz test alone, with another number of requests or a seed of before.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const numbers = Object.entries({ FUZZ_RUNS: values.runs, FUZZ_SEED: values.seed }).filter(([, value]) => value);
for (const [name, value] of numbers) {
  if (!/^\d+$/.test(value)) {
    console.error(`${name === 'FUZZ_RUNS' ? '--runs' : '--seed'} must be a number.`);
    process.exit(2);
  }
}
const vitest = ['vitest', 'run', '--config', 'packages/tooling/vitest.config.ts', 'test/fuzz/fuzz.test.ts'];
const child = spawn('npx', vitest, { stdio: 'inherit', env: { ...process.env, ...Object.fromEntries(numbers) } });
child.on('exit', (code) => process.exit(code ?? 1));
