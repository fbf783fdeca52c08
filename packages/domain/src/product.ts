/** What this software calls itself on the wire. A test compares the version with the root package.json. */
export const PRODUCT = { name: 'Livegate', version: '0.1.0' } as const;

/** The User-Agent of every call out. */
export const USER_AGENT = `${PRODUCT.name}/${PRODUCT.version}`;
