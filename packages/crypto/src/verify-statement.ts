/** Verifies what the signing ring signed, with nothing but its public keys. */
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';

/** The kinds of statement: one is never taken for another. */
export const STATEMENTS = {
  decision: 'livegate-decision+jws',
  deletion: 'livegate-deletion+jws',
  audit: 'livegate-audit+jws',
} as const;
export type Statement = (typeof STATEMENTS)[keyof typeof STATEMENTS];

/** Not a statement of ours, of another kind, altered, or signed with a key that is not among those given. */
export class StatementBroken extends Error {
  override readonly name = 'StatementBroken';
}

/** The claims of a compact JWS, as they were signed. Throws StatementBroken. */
export async function verifyStatement(kind: Statement, jws: string, jwks: JSONWebKeySet): Promise<unknown> {
  // One spelling per signature: the last letter has bits that no decoder looks at.
  const signature = jws.split('.')[2] ?? '';
  if (Buffer.from(signature, 'base64url').toString('base64url') !== signature) {
    throw new StatementBroken('it is not a compact JWS');
  }
  try {
    const { payload, protectedHeader } = await compactVerify(jws, createLocalJWKSet(jwks), { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== kind) throw new StatementBroken(`it is not a ${kind}, but a ${protectedHeader.typ}`);
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new StatementBroken(`the signature does not hold: ${error.message}`);
    throw error;
  }
}
