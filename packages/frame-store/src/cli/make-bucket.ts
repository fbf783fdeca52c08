/** Makes the bucket of FRAME_STORE_URL ready: `node packages/frame-store/dist/cli/make-bucket.js`. Safe to run again. */
import { openBucket } from '../bucket.ts';

// A frame that is in use is at most an hour old: link, capture, verdict, half an hour of retention. A day is the shortest rule.
const ORPHAN_DAYS = 1;

const url = process.env.FRAME_STORE_URL;
if (!url) {
  process.stderr.write('bucket: FRAME_STORE_URL is not set: frames are rows in Postgres, nothing to make\n');
} else {
  const { made, expires } = await openBucket(url).prepare({ orphanDays: ORPHAN_DAYS });
  process.stderr.write(
    `bucket: ${made ? 'made' : 'was there'}; ${expires ? 'drops what is left behind after a day' : 'this store takes no lifecycle rule; the sweep alone removes what is left behind'}\n`,
  );
}
