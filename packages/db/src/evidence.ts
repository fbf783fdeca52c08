/** What a score rests on: the very bytes that were scored, and the models that did. */
import type { Queryable } from './database.ts';

export type ModelPrint = { id: string; sha256: string };
type Evidence = { batchId: string; models: readonly ModelPrint[]; frames: readonly { seq: number; sha256: Buffer }[] };

/** Records it, in the transaction that records the scores. */
export async function recordEvidence(tx: Queryable, { batchId, models, frames }: Evidence): Promise<void> {
  await tx.query(
    /* sql */ `with batch as (update frame_batches set models = $2 where id = $1)
               update frames set sha256 = given.sha256
                 from unnest($3::smallint[], $4::bytea[]) as given (seq, sha256)
                where batch_id = $1 and frames.seq = given.seq`,
    [batchId, JSON.stringify(models), frames.map(({ seq }) => seq), frames.map(({ sha256 }) => sha256)],
  );
}
