/** Commands about the keys in the key directory. They work beside the services: nothing has to be stopped. */
import { KeyGone } from '@livegate/crypto/envelope';
import { type KeyRing, openKeyRing } from '@livegate/crypto/key-ring';
import type { Database } from '@livegate/db/database';
import { forgetKeyDirectory, keyDirectoryRecord } from '@livegate/db/key-directory';
import { countWrapped, rewrapSecrets } from '@livegate/db/wrapped-secrets';
import { UsageError } from './usage-error.ts';

type Keys = { keyDir: string };

const ID_BYTES = 8;
// The services see a new key within 5 s; who is slower than this has other troubles.
const SEEN_AFTER_SECONDS = 60;

export const KEY_COMMANDS = {
  'keys rotate': {
    usage: 'keys rotate',
    takes: 0,
    run: async (db: Database, { keyDir }: Keys) => {
      const ring = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
      const key = await ring.rotate();
      const signingKey = await ring.signing.rotate();
      return [{ key, signingKey, ...(await rewrapAll(db, ring)) }];
    },
  },
  'keys retire': {
    usage: 'keys retire   (destroys key-encryption keys that wrap nothing any more)',
    takes: 0,
    run: async (db: Database, { keyDir }: Keys) => {
      const ring = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
      if (ring.newestAgeSeconds() < SEEN_AFTER_SECONDS) {
        throw new UsageError(
          `the newest key is not ${SEEN_AFTER_SECONDS} s old: some service may not have seen it yet`,
        );
      }
      const { lost } = await rewrapAll(db, ring);
      if (lost > 0) throw new UsageError(`${lost} secrets cannot be unwrapped: no key is destroyed`);
      const inUse = await countWrapped(db, ID_BYTES);
      const retired = ring.ids().filter((id) => id !== ring.newestId() && !inUse.has(id));
      for (const id of retired) await ring.destroy(id);
      return retired.map((key) => ({ key, destroyed: true }));
    },
  },
  'keys adopt': {
    usage: 'keys adopt   (begins with the key directory that is there; what the former one wrapped is lost)',
    takes: 0,
    run: async (db: Database, { keyDir }: Keys) => {
      await forgetKeyDirectory(db);
      const ring = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
      return [{ adopted: keyDir, newest: ring.newestId() }];
    },
  },
  'keys list': {
    usage: 'keys list',
    takes: 0,
    run: async (db: Database, { keyDir }: Keys) => {
      const ring = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
      const inUse = await countWrapped(db, ID_BYTES);
      const wrapping = ring
        .ids()
        .map((key) => ({ key, use: 'wraps', newest: key === ring.newestId(), secrets: inUse.get(key) ?? 0 }));
      const signing = ring.signing.jwks().keys;
      return [
        ...wrapping,
        ...signing.map(({ kid }, index) => ({
          key: String(kid),
          use: 'signs',
          newest: index === signing.length - 1,
          secrets: null,
        })),
      ];
    },
  },
};

function rewrapAll(db: Database, ring: KeyRing): Promise<{ rewrapped: number; lost: number }> {
  return rewrapSecrets(db, {
    newest: Buffer.from(ring.newestId(), 'hex'),
    rewrap: (wrapped, purpose) => {
      try {
        return ring.wrap(ring.unwrap(wrapped, purpose), purpose);
      } catch (error) {
        if (error instanceof KeyGone) return null;
        throw error;
      }
    },
  });
}
