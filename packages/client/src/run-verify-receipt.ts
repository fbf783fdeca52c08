/**
 * `npm run verify-receipt -- FILE [--jwks FILE]`: verifies a receipt with the server off. The file may be the receipt
 * itself, an answer that holds it, or saved headers; the keys are those of a saved JWKS, else those of the key directory.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Jwks, readPublicKeys } from '@livegate/crypto/signing-ring';
import { STATEMENTS, StatementBroken, verifyStatement } from '@livegate/crypto/verify-statement';
import { verifyReceipt } from './verify-receipt.ts';

type Surroundings = {
  args: string[];
  env: Readonly<Record<string, string | undefined>>;
  print: (text: string) => void;
  complain: (text: string) => void;
};

const USAGE = 'Usage: npm run verify-receipt -- FILE [--jwks FILE]';
const ROOT = resolve(import.meta.dirname, '../../..');

/** Returns the exit code: 0 it holds, 1 it does not, 2 not understood. */
export async function runVerifyReceipt({ args, env, print, complain }: Surroundings): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { jwks: { type: 'string' } } });
    const [file, ...rest] = positionals;
    if (!file || rest.length > 0) {
      complain(USAGE);
      return 2;
    }
    const from = env.INIT_CWD ?? '.';
    const receipt = findReceipt(await readFile(resolve(from, file), 'utf8'));
    const jwks: Jwks = values.jwks
      ? JSON.parse(await readFile(resolve(from, values.jwks), 'utf8'))
      : readPublicKeys(join(keyDirectory(env), 'signing'));
    print(JSON.stringify(await verifyAny(receipt, jwks), null, 2));
    complain('The receipt holds.');
    return 0;
  } catch (error) {
    if (error instanceof StatementBroken) complain(`The receipt does not hold: ${error.message}.`);
    else complain(`livegate: ${(error as Error).message}\n${USAGE}`);
    return error instanceof StatementBroken ? 1 : 2;
  }
}

/** A decision receipt is checked as well for what it says; of a deletion receipt there is no more than its signature. */
async function verifyAny(receipt: string, jwks: Jwks): Promise<unknown> {
  if (kindOf(receipt) === STATEMENTS.deletion) return verifyStatement(STATEMENTS.deletion, receipt, jwks);
  return verifyReceipt(receipt, jwks);
}

function kindOf(receipt: string): unknown {
  try {
    return JSON.parse(Buffer.from(receipt.split('.')[0] ?? '', 'base64url').toString('utf8')).typ;
  } catch {
    throw new StatementBroken('it is not a compact JWS');
  }
}

/** The first thing in the text that looks like a compact JWS: every one of ours begins with `eyJ`. */
function findReceipt(text: string): string {
  const found = /eyJ[\w-]*\.[\w-]+\.[\w-]+/.exec(text)?.[0];
  if (!found) throw new StatementBroken('there is no receipt in the file');
  return found;
}

function keyDirectory(env: Surroundings['env']): string {
  return resolve(ROOT, env.LIVEGATE_KEY_DIR || join(env.LIVEGATE_DATA_DIR || '.data', 'keys'));
}
