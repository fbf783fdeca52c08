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
  /** How far the chain is known to have come; null when it has not begun. */
  head(): AuditHead | null;
  noteHead(head: AuditHead): Promise<void>;
};

const KEY_FILE = 'audit.key';
const HEAD_FILE = 'audit-head.json';

/** Opens the trail in `dir`. Its key is never rotated: old links must be verified for ever. */
export async function openAuditTrail({ dir }: { dir: string }): Promise<AuditTrail> {
  await createKeyFile(dir, KEY_FILE, newKeyText());
  const key = readKeyFile(join(dir, KEY_FILE));
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
