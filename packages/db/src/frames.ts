/** One row per captured frame: its place, its score and its role. The image itself is a sealed blob (frame-blobs.ts). */
import type { HeadObservation } from '@livegate/domain/challenge';
import type { BoundingBox, DetectedFace, FrameScore } from '@livegate/domain/verdict';
import type { Queryable } from './database.ts';

type FrameKey = { checkId: string; attempt: number; seq: number };
export type ScoredFrame = FrameScore & { seq: number };

/** What the picture was, in pixels after orientation, and the faces in it; null where it could not be read. */
export type FrameFacts = {
  width: number | null;
  height: number | null;
  faces: readonly DetectedFace[] | null;
  /** How the head stood, in a capture with a challenge. */
  head?: HeadObservation | null;
  /** Keyed digest of how the picture looks. */
  look?: Buffer | null;
};

/** What binds a frame to its challenge: the step whose nonce it carried, and the time the browser claims. */
type InChallenge = { step?: number; claimedMs?: number | null };

/** How its JPEG was encoded: evidence of where it comes from. */
type Encoded = { encoding?: string | null };

/** Keyed digests by which a frame is known again for a day: of its bytes, and of how it looks. */
type Digests = { fingerprint?: Buffer | null };

/** Adds a frame; false when this place is taken already (a repeated upload changes nothing). */
export async function insertFrame(
  tx: Queryable,
  frame: FrameKey & InChallenge & Digests & Encoded & { bytes: number },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `insert into frames (check_id, attempt, seq, bytes, step, claimed_ms, fingerprint, encoding) values ($1, $2, $3, $4, $5, $6, $7, $8)
               on conflict (check_id, attempt, seq) do nothing`,
    [
      frame.checkId,
      frame.attempt,
      frame.seq,
      frame.bytes,
      frame.step ?? null,
      frame.claimedMs ?? null,
      frame.fingerprint ?? null,
      frame.encoding ?? null,
    ],
  );
  return rowCount === 1;
}

/** How many frames of an attempt were received, and how many of them no batch holds yet. */
export async function countFrames(
  tx: Queryable,
  { checkId, attempt }: { checkId: string; attempt: number },
): Promise<{ received: number; unbatched: number }> {
  const { rows } = await tx.query(
    /* sql */ `select count(*)::int as received, count(*) filter (where batch_id is null)::int as unbatched
                 from frames where check_id = $1 and attempt = $2`,
    [checkId, attempt],
  );
  return rows[0];
}

/** Whether a frame of the attempt came within the last seconds, by the database's clock. */
export async function hasRecentFrame(
  db: Queryable,
  { checkId, attempt, withinSeconds }: { checkId: string; attempt: number; withinSeconds: number },
): Promise<boolean> {
  const { rows } = await db.query(
    /* sql */ `select exists (select from frames where check_id = $1 and attempt = $2
                                 and received_at > clock_timestamp() - make_interval(secs => $3)) as "isRecent"`,
    [checkId, attempt, withinSeconds],
  );
  return rows[0].isRecent;
}

/** Puts up to `limit` unbatched frames of an attempt into a batch, in their order. */
export async function assignFramesToBatch(
  tx: Queryable,
  { checkId, attempt, batchId, limit }: { checkId: string; attempt: number; batchId: string; limit: number },
): Promise<void> {
  await tx.query(
    /* sql */ `update frames set batch_id = $3
                where check_id = $1 and attempt = $2
                  and seq in (select seq from frames where check_id = $1 and attempt = $2 and batch_id is null
                               order by seq limit $4)`,
    [checkId, attempt, batchId, limit],
  );
}

/** Records what scoring a batch yielded, and of which bytes (`sha256`), in one statement. */
export async function recordFrameScores(
  tx: Queryable,
  { batchId, frames }: { batchId: string; frames: readonly (ScoredFrame & FrameFacts & { sha256: Buffer })[] },
): Promise<void> {
  const rows = frames.map(({ seq, score, reasons, boundingBox, width, height, faces, sha256, head, look }) => ({
    seq,
    score,
    reasons,
    bounding_box: boundingBox,
    width,
    height,
    faces,
    sha256: sha256.toString('hex'),
    head_turn: head?.turn,
    head_aspect: head?.aspect,
    head_solidity: head?.solidity,
    look: look && `\\x${look.toString('hex')}`,
  }));
  await tx.query(
    /* sql */ `update frames
                  set score = scored.score, reasons = scored.reasons, bounding_box = scored.bounding_box,
                      width = scored.width, height = scored.height, faces = scored.faces, head_turn = scored.head_turn,
                      head_aspect = scored.head_aspect, head_solidity = scored.head_solidity, look = scored.look,
                      sha256 = decode(scored.sha256, 'hex'), scored_at = now()
                 from jsonb_to_recordset($2) as scored (seq smallint, score float8, reasons text[], bounding_box jsonb,
                                                        width integer, height integer, faces jsonb, head_turn float8,
                                                        head_aspect float8, head_solidity float8, look bytea, sha256 text)
                where frames.batch_id = $1 and frames.seq = scored.seq`,
    [batchId, JSON.stringify(rows)],
  );
}

/** The scored frames of an attempt, in order of capture. */
export async function listScoredFrames(
  db: Queryable,
  { checkId, attempt }: { checkId: string; attempt: number },
): Promise<ScoredFrame[]> {
  const { rows } = await db.query(
    /* sql */ `select seq, score, reasons, bounding_box as "boundingBox" from frames
                where check_id = $1 and attempt = $2 and scored_at is not null order by seq`,
    [checkId, attempt],
  );
  return rows;
}

/** Marks the frames that are kept after the verdict. */
export async function markKeptFrames(
  tx: Queryable,
  { checkId, attempt, probe, audit }: { checkId: string; attempt: number; probe: number; audit: readonly number[] },
): Promise<void> {
  await tx.query(
    /* sql */ `update frames set role = case when seq = $3 then 'probe' else 'audit' end
                where check_id = $1 and attempt = $2 and seq = any($4::smallint[])`,
    [checkId, attempt, probe, [probe, ...audit]],
  );
}

export type KeptFrame = { attempt: number; seq: number; role: 'probe' | 'audit'; boundingBox: BoundingBox | null };

/** The frames kept for a check whose images may still be read: the probe and the audit images, in order of capture. */
export async function listKeptFrames(db: Queryable, checkId: string): Promise<KeptFrame[]> {
  const { rows } = await db.query(
    /* sql */ `select attempt, seq, role, bounding_box as "boundingBox" from frames
                where check_id = $1 and role in ('probe', 'audit') and image_expires_at > now() order by seq`,
    [checkId],
  );
  return rows;
}

/** Removes an attempt's frames with their batches: the capture starts it anew. */
export async function deleteAttempt(
  tx: Queryable,
  { checkId, attempt }: { checkId: string; attempt: number },
): Promise<void> {
  // The order in which a worker locks: batch, then frames. The other way round the two could wait for each other.
  await tx.query(/* sql */ `select from frame_batches where check_id = $1 and attempt = $2 order by id for update`, [
    checkId,
    attempt,
  ]);
  await tx.query(/* sql */ `delete from frames where check_id = $1 and attempt = $2`, [checkId, attempt]);
  await tx.query(/* sql */ `delete from frame_batches where check_id = $1 and attempt = $2`, [checkId, attempt]);
}
