/** Identifiers: a prefix that says what it names, then random letters and digits. */

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const PREFIXES = {
  client: 'cli',
  check: 'chk',
  batch: 'bat',
  event: 'evt',
  delivery: 'dlv',
  endpoint: 'wep',
  collection: 'col',
  erasure: 'ers',
  review: 'rvw',
} as const;
export type IdKind = keyof typeof PREFIXES;

/** `chk_` and 26 random letters and digits (154 bits). */
export function newId(kind: IdKind): string {
  return `${PREFIXES[kind]}_${randomAlphanumeric(26)}`;
}

/** `length` letters and digits from the platform's CSPRNG, without modulo bias. */
export function randomAlphanumeric(length: number): string {
  const accepted = 256 - (256 % ALPHANUMERIC.length);
  let text = '';
  while (text.length < length) {
    for (const byte of globalThis.crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < accepted && text.length < length) text += ALPHANUMERIC[byte % ALPHANUMERIC.length];
    }
  }
  return text;
}
