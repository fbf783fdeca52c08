/** `GET /.well-known/jwks.json`: the public keys of receipts, for anybody. */
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { RequestHandler } from 'express';

// As long as a verifier may not know a new key: it looks again when it meets one that it does not know.
const CACHED_SECONDS = 300;

export function publishKeys({ keyRing }: { keyRing: KeyRing }): RequestHandler {
  return (_request, response) => {
    response
      .set('Cache-Control', `public, max-age=${CACHED_SECONDS}`)
      .type('application/jwk-set+json')
      .send(JSON.stringify(keyRing.signing.jwks()));
  };
}
