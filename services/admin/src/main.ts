import { runAdmin } from './run-admin.ts';

process.exitCode = await runAdmin({
  args: process.argv.slice(2),
  env: process.env,
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
});
