/** The Postgres adapter, by injection: SQL lives in the database package, which this package may not import. */
import type { FrameRef, SealedFrameStore } from './frame-store.ts';

type Place = { attempt: number; seq: number };
export type BlobFunctions<Db> = {
  insertFrameBlob(tx: Db, key: Place & { checkId: string }, sealed: Buffer): Promise<void>;
  findFrameBlob(db: Db, key: Place & { checkId: string }): Promise<Buffer | null>;
  deleteFrameBlobs(tx: Db, checkId: string, keep: readonly Place[]): Promise<void>;
};

/** Frames as rows beside the checks: put and remove commit or roll back with the caller's transaction. */
export function postgresFrames<Db>(db: Db, functions: BlobFunctions<Db>): SealedFrameStore<Db> {
  return {
    put: (tx, ref: FrameRef, sealed) => functions.insertFrameBlob(tx, ref, sealed),
    get: (ref) => functions.findFrameBlob(db, ref),
    removeAllBut: functions.deleteFrameBlobs,
    // A row rolls back with its transaction, and goes with its check.
    listOwners: async () => ({ checkIds: [], next: null }),
  };
}
