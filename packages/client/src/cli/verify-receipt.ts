import { runVerifyReceipt } from '../run-verify-receipt.ts';

process.exitCode = await runVerifyReceipt({
  args: process.argv.slice(2),
  env: process.env,
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
});
