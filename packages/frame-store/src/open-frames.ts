/** Chooses the adapter: an object store when its URL is given, else rows in Postgres. */
import type { SealedFrameStore } from './frame-store.ts';
import { type BlobFunctions, postgresFrames } from './postgres-frames.ts';

type Options<Db> = {
  /** `s3://bucket/prefix?endpoint=…&region=…` */
  url: string | undefined;
  db: Db;
  blobs: BlobFunctions<Db>;
  afterCommit: (tx: Db, work: () => Promise<void>) => Promise<void>;
};

/** The S3 client is loaded only where it is used. */
export async function openFrames<Db>({ url, db, blobs, afterCommit }: Options<Db>): Promise<SealedFrameStore<Db>> {
  if (!url) return postgresFrames(db, blobs);
  const { openBucket } = await import('./bucket.ts');
  const { s3Frames } = await import('./s3-frames.ts');
  return s3Frames({ bucket: openBucket(url), afterCommit });
}
