/** Chains and signs, in batches, what both append-only logs have gained. Never inline: one chain would serialise everything. */
import type { AuditSeal } from '@livegate/contracts/receipts';
import { type AuditHead, digestOfLines } from '@livegate/crypto/audit-trail';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import { appendSealed, type ChainLink, findHead, listUnchained, trySealing } from '@livegate/db/audit-chain';
import type { Queryable } from '@livegate/db/database';
import type { SweepDeps } from '../sweep.ts';

const ROWS_PER_SEAL = 500;

export async function sealAuditLog(deps: SweepDeps): Promise<number> {
  const sealed = await deps.db.transaction((tx) => seal(tx, deps));
  if (!sealed) return 0;
  // After the commit: a head that is behind the chain is harmless, one before it would accuse an honest database.
  await deps.keyRing.audit.noteHead(sealed.head);
  return sealed.rows;
}

async function seal(tx: Queryable, { keyRing }: SweepDeps): Promise<{ rows: number; head: AuditHead } | null> {
  if (!(await trySealing(tx))) return null;
  const lines = await listUnchained(tx, ROWS_PER_SEAL);
  if (lines.length === 0) return null;
  const before = await findHead(tx);
  const first = (before?.position ?? 0) + 1;
  let previous = before?.link ?? null;
  const links = lines.map(({ line, ...row }, index): ChainLink => {
    previous = keyRing.audit.linkAfter(previous, line);
    return { ...row, position: first + index, link: previous };
  });
  const last = links.at(-1) as ChainLink;
  const claims: AuditSeal = {
    version: 1,
    seal: (before?.seal ?? 0) + 1,
    first_position: first,
    last_position: last.position,
    link: last.link.toString('hex'),
    lines_sha256: digestOfLines(lines.map(({ line }) => line)),
  };
  const jws = await keyRing.signing.sign(STATEMENTS.audit, claims);
  await appendSealed(tx, links, { seal: claims.seal, firstPosition: first, lastPosition: last.position, jws });
  return { rows: lines.length, head: { seal: claims.seal, position: last.position, link: claims.link } };
}
