/** Where a logo lies: under the digest of its bytes, so that it can be kept for ever. */

/** The address of the logo with this digest, or null without one. */
export function logoUrl(digest: string | undefined): string | null {
  return digest ? `/brand/logo-${digest}.png` : null;
}

/** The digest in a file's name, or null when it is no logo's. */
export function logoDigest(file: string): string | null {
  return /^logo-([0-9a-f]{32})\.png$/.exec(file)?.[1] ?? null;
}
