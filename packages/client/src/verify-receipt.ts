/** Tells a real receipt from a forged or altered one, offline: all it takes is the public keys. */
import { type DecisionReceipt, decisionReceipt } from '@livegate/contracts/receipts';
import type { Jwks } from '@livegate/crypto/signing-ring';
import { STATEMENTS, StatementBroken, verifyStatement } from '@livegate/crypto/verify-statement';

/**
 * What the receipt says. `jwks` is the body of `/.well-known/jwks.json`, kept or fetched. Throws StatementBroken when the
 * signature does not hold, and when what it says does not agree with itself.
 */
export async function verifyReceipt(receipt: string, jwks: Jwks): Promise<DecisionReceipt> {
  const claims = decisionReceipt.safeParse(await verifyStatement(STATEMENTS.decision, receipt, jwks));
  if (!claims.success) throw new StatementBroken('it is signed, but not a receipt of this version');
  const { passed, confidence, comparator, threshold, score } = claims.data.result;
  const reached = comparator === '>' ? confidence > threshold : confidence >= threshold;
  if (passed && (!reached || score === null)) throw new StatementBroken('it says passed, and its own numbers do not');
  return claims.data;
}
