/** Chains and signs, in batches, what both append-only logs have gained. Never inline: one chain would serialise everything. */
import type { AuditSeal } from '@livegate/contracts/receipts';
import { type AuditHead, BEGINNING, digestOfLines } from '@livegate/crypto/audit-trail';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import { appendSealed, type ChainLink, findCut, findHead, listUnchained, trySealing } from '@livegate/db/audit-chain';
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

/** The log was cut, or what was known of it is gone. A chain that went on from there would hide it. */
class AuditLogCut extends Error {
  override readonly name = 'AuditLogCut';
}

async function seal(tx: Queryable, { keyRing, logger }: SweepDeps): Promise<{ rows: number; head: AuditHead } | null> {
  if (!(await trySealing(tx))) return null;
  const before = await findHead(tx);
  const remembered = keyRing.audit.head();
  // Before the first commit: of a head that is missing afterwards it is known that it was taken away.
  if (!before && !remembered) await keyRing.audit.noteHead(BEGINNING);
  const cut = await findCut(tx, remembered);
  if (cut) {
    logger.error('audit_log_cut', { cut });
    throw new AuditLogCut(`nothing is sealed until somebody has looked (audit verify, audit continue): ${cut}`);
  }
  const lines = await listUnchained(tx, ROWS_PER_SEAL);
  if (lines.length === 0) return null;
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
