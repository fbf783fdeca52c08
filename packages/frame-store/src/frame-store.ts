/**
 * Where frames are kept: an interface, so that Postgres and an object store are interchangeable, and encryption around
 * whichever it is: an adapter never sees an image, only AES-256-GCM ciphertext under the check's own data key.
 */
import { aadFor, open, seal } from '@livegate/crypto/envelope';

/** The place of one frame. `clientId` is not needed to find it; it is bound into the ciphertext. */
export type FrameRef = { clientId: string; checkId: string; attempt: number; seq: number };

/**
 * What an adapter does, on sealed bytes, in the caller's transaction `tx`. What was put is there once the transaction has
 * committed; if it rolls back, it may be left behind as an orphan, which the next put of that place replaces. What was
 * removed is there until the commit and goes after it. A place is put once in a committed transaction: callers see to it.
 */
export interface SealedFrameStore<Tx> {
  put(tx: Tx, ref: FrameRef, sealed: Buffer): Promise<void>;
  get(ref: FrameRef): Promise<Buffer | null>;
  /** Deletes every frame of the check but those of `keep`. */
  removeAllBut(tx: Tx, checkId: string, keep: readonly { attempt: number; seq: number }[]): Promise<void>;
  /** Deletes every frame of one attempt: of the next some may be there before this is done. */
  removeAttempt(tx: Tx, checkId: string, attempt: number): Promise<void>;
  /** Checks with frames that may be orphans, a page at a time from `after` on; none where orphans cannot be. */
  listOwners(after: string | null): Promise<Owners>;
}

export type Owners = { checkIds: string[]; next: string | null };

export type FrameStore<Tx> = {
  /** Seals and stores one frame (JPEG bytes) in the caller's transaction. */
  put(tx: Tx, frame: { ref: FrameRef; dataKey: Buffer; image: Buffer }): Promise<void>;
  /** The frame's bytes, or null when it is gone. Throws when the ciphertext, the key or the place does not match. */
  get(frame: { ref: FrameRef; dataKey: Buffer }): Promise<Buffer | null>;
  removeAllBut(tx: Tx, checkId: string, keep: readonly { attempt: number; seq: number }[]): Promise<void>;
  removeAttempt(tx: Tx, checkId: string, attempt: number): Promise<void>;
  listOwners(after: string | null): Promise<Owners>;
};

/** Wraps an adapter in encryption. */
export function encryptFrames<Tx>(store: SealedFrameStore<Tx>): FrameStore<Tx> {
  return {
    put: (tx, { ref, dataKey, image }) =>
      store.put(tx, ref, seal({ key: dataKey, plaintext: image, aad: placeOf(ref) })),
    get: async ({ ref, dataKey }) => {
      const sealed = await store.get(ref);
      return sealed && open({ key: dataKey, sealed, aad: placeOf(ref) });
    },
    removeAllBut: (tx, checkId, keep) => store.removeAllBut(tx, checkId, keep),
    removeAttempt: (tx, checkId, attempt) => store.removeAttempt(tx, checkId, attempt),
    listOwners: (after) => store.listOwners(after),
  };
}

// Binds a ciphertext to its place: moved to another client, check, attempt or position it does not open.
function placeOf({ clientId, checkId, attempt, seq }: FrameRef): string {
  return aadFor({ clientId, checkId, object: `${attempt}/${seq}`, kind: 'frame', version: 1 });
}
