/** The Postgres adapter, by injection: SQL lives in the database package, which this package may not import. */
import type { FrameRef, SealedFrameStore } from './frame-store.ts';

type Place = { attempt: number; seq: number };
export type BlobFunctions<Db> = {
  insertFrameBlob(tx: Db, key: Place & { checkId: string }, sealed: Buffer): Promise<void>;
  findFrameBlob(db: Db, key: Place & { checkId: string }): Promise<Buffer | null>;
  deleteFrameBlobs(tx: Db, of: { checkId: string; attempt?: number }, keep: readonly Place[]): Promise<void>;
};

/** Frames as rows beside the checks: put and remove commit or roll back with the caller's transaction. */
export function postgresFrames<Db>(db: Db, functions: BlobFunctions<Db>): SealedFrameStore<Db> {
  return {
    put: (tx, ref: FrameRef, sealed) => functions.insertFrameBlob(tx, ref, sealed),
    get: (ref) => functions.findFrameBlob(db, ref),
    removeAllBut: (tx, checkId, keep) => functions.deleteFrameBlobs(tx, { checkId }, keep),
    removeAttempt: (tx, checkId, attempt) => functions.deleteFrameBlobs(tx, { checkId, attempt }, []),
    // A row rolls back with its transaction, and goes with its check.
    listOwners: async () => ({ checkIds: [], next: null }),
  };
}
