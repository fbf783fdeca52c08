/**
 * Frames as objects `<check>/<attempt>/<seq>`. A store cannot join a transaction, so the order does it: an object is put
 * before the commit (a rollback leaves an orphan that nobody can name or open) and removed after it (a crash in between
 * leaves one, too). Orphans are swept by lifecycle; a rule of the bucket would drop what a legal hold keeps as well.
 */
import type { Bucket } from './bucket.ts';
import type { SealedFrameStore } from './frame-store.ts';

type Place = { attempt: number; seq: number };
type Options<Tx> = {
  bucket: Bucket;
  /** Runs work once the caller's transaction has committed. */
  afterCommit: (tx: Tx, work: () => Promise<void>) => Promise<void>;
  now?: () => number;
};

// Far longer than a transaction may idle: what is younger may belong to a check that is about to be committed.
const ORPHAN_AGE_MS = 10 * 60_000;

export function s3Frames<Tx>({ bucket, afterCommit, now = Date.now }: Options<Tx>): SealedFrameStore<Tx> {
  return {
    put: async (_tx, { checkId, ...place }, sealed) => bucket.put(nameOf(checkId, place), sealed),
    get: ({ checkId, ...place }) => bucket.get(nameOf(checkId, place)),
    removeAllBut: (tx, checkId, keep) =>
      afterCommit(tx, () => removeBelow(bucket, `${checkId}/`, new Set(keep.map((place) => nameOf(checkId, place))))),
    removeAttempt: (tx, checkId, attempt) =>
      afterCommit(tx, () => removeBelow(bucket, `${checkId}/${attempt}/`, new Set())),
    listOwners: async (after) => {
      const { objects, next } = await bucket.list('', after);
      const old = objects.filter(({ modifiedAt }) => now() - modifiedAt.getTime() > ORPHAN_AGE_MS);
      return { checkIds: [...new Set(old.map(({ name }) => name.split('/')[0] as string))], next };
    },
  };
}

async function removeBelow(bucket: Bucket, prefix: string, kept: ReadonlySet<string>): Promise<void> {
  for (let after: string | null = null, more = true; more; more = after !== null) {
    const { objects, next } = await bucket.list(prefix, after);
    await Promise.all(objects.flatMap(({ name }) => (kept.has(name) ? [] : [bucket.remove(name)])));
    after = next;
  }
}

function nameOf(checkId: string, { attempt, seq }: Place): string {
  return `${checkId}/${attempt}/${seq}`;
}
