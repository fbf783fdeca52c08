/** Walks the whole audit chain and stops at the first thing that is not as it was sealed. */
import { auditSeal } from '@livegate/contracts/receipts';
import { digestOfLines } from '@livegate/crypto/audit-trail';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { STATEMENTS, StatementBroken, verifyStatement } from '@livegate/crypto/verify-statement';
import { findCut, findForgotten, listLinks, listSeals, type Seal } from '@livegate/db/audit-chain';
import type { Queryable } from '@livegate/db/database';

export type AuditFinding = { rows: number; seals: number; fault: string | null };

// Far longer than the sweep takes to come by.
const SEALED_WITHIN_MINUTES = 10;
const AT_ONCE = 500;

/** `fault` names the first altered or missing row, link or seal; null when the log is as it was sealed. */
export async function verifyAuditLog(db: Queryable, keyRing: KeyRing): Promise<AuditFinding> {
  const walk: Walk = { position: 0, seal: 0, link: null };
  for (;;) {
    const seals = await listSeals(db, { from: walk.seal + 1, limit: AT_ONCE });
    for (const seal of seals) {
      const fault = await verifySeal(db, keyRing, { walk, seal });
      if (fault) return { rows: walk.position, seals: walk.seal, fault };
    }
    if (seals.length < AT_ONCE) break;
  }
  // The key directory remembers how far the chain had come: an end that was cut off leaves no other trace.
  const fault = (await findLooseEnd(db, walk)) ?? (await findCut(db, keyRing.audit.head()));
  return { rows: walk.position, seals: walk.seal, fault };
}

type Walk = { position: number; seal: number; link: Buffer | null };

/** Verifies the rows under one seal, then the seal, and moves the walk on. */
async function verifySeal(
  db: Queryable,
  keyRing: KeyRing,
  { walk, seal }: { walk: Walk; seal: Seal },
): Promise<string | null> {
  if (seal.seal !== walk.seal + 1 || seal.firstPosition !== walk.position + 1)
    return `seal ${walk.seal + 1} is missing`;
  const size = seal.lastPosition - seal.firstPosition + 1;
  const links = await listLinks(db, { from: seal.firstPosition, limit: size });
  const lines: string[] = [];
  for (const { position, source, sequence, link, line } of links) {
    if (position !== walk.position + 1) return `link ${walk.position + 1} is missing`;
    if (line === null) return `row ${sequence} of the ${source} is missing`;
    const expected = keyRing.audit.linkAfter(walk.link, line);
    if (!expected.equals(link)) return `row ${sequence} of the ${source}, or its link ${position}, was altered`;
    walk.position = position;
    walk.link = link;
    lines.push(line);
  }
  if (links.length < size) return `link ${walk.position + 1} is missing`;
  const fault = await compareSeal(keyRing, { seal, link: walk.link as Buffer, lines });
  if (!fault) walk.seal = seal.seal;
  return fault;
}

type Compared = { seal: Seal; link: Buffer; lines: string[] };

async function compareSeal(keyRing: KeyRing, { seal, link, lines }: Compared): Promise<string | null> {
  try {
    const claims = auditSeal.parse(await verifyStatement(STATEMENTS.audit, seal.jws, keyRing.signing.jwks()));
    const holds =
      claims.seal === seal.seal &&
      claims.first_position === seal.firstPosition &&
      claims.last_position === seal.lastPosition &&
      claims.link === link.toString('hex') &&
      claims.lines_sha256 === digestOfLines(lines);
    return holds ? null : `seal ${seal.seal} says something else than the rows under it`;
  } catch (error) {
    if (error instanceof StatementBroken) return `the signature of seal ${seal.seal} does not hold`;
    throw error;
  }
}

/** What is in the tables, and under no seal. */
async function findLooseEnd(db: Queryable, walk: Walk): Promise<string | null> {
  const [loose] = await listLinks(db, { from: walk.position + 1, limit: 1 });
  if (loose) return `seal ${walk.seal + 1} is missing`;
  const forgotten = await findForgotten(db, { minutes: SEALED_WITHIN_MINUTES });
  return (
    forgotten &&
    `row ${forgotten.sequence} of the ${forgotten.source} has been under no seal for ${SEALED_WITHIN_MINUTES} minutes`
  );
}
