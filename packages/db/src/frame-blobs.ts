/** Sealed frame images in Postgres: the adapter that the frame-store is wired over. Only ciphertext is ever seen here. */
import type { Queryable } from './database.ts';

export type BlobKey = { checkId: string; attempt: number; seq: number };

/** Stores one sealed frame; a second write of the same place changes nothing. */
export async function insertFrameBlob(tx: Queryable, key: BlobKey, sealed: Buffer): Promise<void> {
  await tx.query(
    /* sql */ `insert into frame_blobs (check_id, attempt, seq, sealed) values ($1, $2, $3, $4) on conflict do nothing`,
    [key.checkId, key.attempt, key.seq, sealed],
  );
}

/** One sealed frame, or null when it is gone. */
export async function findFrameBlob(db: Queryable, key: BlobKey): Promise<Buffer | null> {
  const { rows } = await db.query(
    /* sql */ `select sealed from frame_blobs where check_id = $1 and attempt = $2 and seq = $3`,
    [key.checkId, key.attempt, key.seq],
  );
  return rows[0]?.sealed ?? null;
}

/** Deletes all sealed frames of a check, or of one attempt of it, but those named by `keep` (attempt and seq). */
export async function deleteFrameBlobs(
  tx: Queryable,
  { checkId, attempt = null }: { checkId: string; attempt?: number | null },
  keep: readonly { attempt: number; seq: number }[],
): Promise<void> {
  await tx.query(
    /* sql */ `delete from frame_blobs
                where check_id = $1 and ($4::smallint is null or attempt = $4)
                  and (attempt, seq) not in (select * from unnest($2::smallint[], $3::smallint[]))`,
    [checkId, keep.map((frame) => frame.attempt), keep.map((frame) => frame.seq), attempt],
  );
}
