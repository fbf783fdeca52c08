/** Makes the bucket of FRAME_STORE_URL ready: `node packages/frame-store/dist/cli/make-bucket.js`. Safe to run again. */
import { openBucket } from '../bucket.ts';

const url = process.env.FRAME_STORE_URL;
if (!url) {
  process.stderr.write('bucket: FRAME_STORE_URL is not set: frames are rows in Postgres, nothing to make\n');
} else {
  const { made, expiring } = await openBucket(url).prepare();
  process.stderr.write(`bucket: ${made ? 'made' : 'was there'}; ${aboutRules(expiring)}\n`);
}

function aboutRules(expiring: string[] | null): string {
  if (expiring === null)
    return 'this store tells of no lifecycle rules: see that none deletes frames, which a legal hold may keep';
  if (expiring.length === 0) return 'no lifecycle rule deletes frames';
  return `WARNING: its lifecycle rules delete frames, also those that a legal hold keeps: ${expiring.join(', ')}`;
}
