/** What is kept of a receiver's answer for the delivery log: 16 KB of text, without what it may have echoed. */

const KEPT_BYTES = 16 * 1024;
const REDACTED = '[redacted]';

// Receivers echo what they got, and log pages print what they know: no secret may come to rest in our log that way.
const SECRETS: RegExp[] = [
  /whsec_[A-Za-z0-9+/=_-]+/g,
  /lv_(?:live|test)_[A-Za-z0-9_-]+/g,
  /\/c\/[A-Za-z0-9_-]{43}/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi,
  /\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  /data:image\/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=]+/gi,
];

/** Cut, made valid UTF-8 without control characters, and cleared of `known` texts and everything that looks secret. */
export function redactResponse(body: Buffer, known: readonly string[] = []): Buffer {
  let text = body.subarray(0, KEPT_BYTES).toString('utf8');
  for (const word of known) if (word) text = text.replaceAll(word, REDACTED);
  for (const pattern of SECRETS) text = text.replace(pattern, REDACTED);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ');
  return Buffer.from(text).subarray(0, KEPT_BYTES);
}
