/**
 * The chain of the audit log. A link is a keyed hash, so that who can write to the database cannot make a new one; how far
 * the chain had come is noted in the key directory, so that it cannot be cut either.
 */
import { createHash, createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyFile, newKeyText, readKeyFile, replaceFile } from './key-files.ts';

export type AuditHead = { seal: number; position: number; link: string };

export type AuditTrail = {
  /** The link of a line that follows `previous` (null: it is the first). */
  linkAfter(previous: Buffer | null, line: string): Buffer;
  /** How far the chain is known to have come; null when nothing is noted, not even that it begins. */
  head(): AuditHead | null;
  noteHead(head: AuditHead): Promise<void>;
};

/** Noted before the first link: a head that is missing later was taken away. */
export const BEGINNING: AuditHead = { seal: 0, position: 0, link: '' };

export const AUDIT_KEY = 'audit.key';
const HEAD_FILE = 'audit-head.json';

/** Makes the key of a trail that begins. It is never rotated, and never made anew: old links must be verified for ever. */
export async function createAuditKey(dir: string): Promise<void> {
  await createKeyFile(dir, AUDIT_KEY, newKeyText());
}

/** Opens the trail in `dir`. */
export function openAuditTrail({ dir }: { dir: string }): AuditTrail {
  const key = readKeyFile(join(dir, AUDIT_KEY));
  const path = join(dir, HEAD_FILE);
  return {
    linkAfter: (previous, line) =>
      createHmac('sha256', key)
        .update(previous ?? Buffer.alloc(32))
        .update(line)
        .digest(),
    head: () => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as AuditHead) : null),
    noteHead: (head) => replaceFile(dir, HEAD_FILE, `${JSON.stringify(head)}\n`),
  };
}

/** What a seal says of the lines under it: anybody who has them can compute it, without a key. In hexadecimal. */
export function digestOfLines(lines: readonly string[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  return hash.digest('hex');
}
