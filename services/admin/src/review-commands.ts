/** Labels of reviewers, as the evaluation of attack detection reads them. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { KeyGone } from '@livegate/crypto/envelope';
import { type KeyRing, openKeyRing } from '@livegate/crypto/key-ring';
import { recordAct } from '@livegate/db/audit-log';
import { type Check, findCheckById } from '@livegate/db/checks';
import { afterCommit, type Database, type Queryable } from '@livegate/db/database';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { listKeptFrames } from '@livegate/db/frames';
import { keyDirectoryRecord } from '@livegate/db/key-directory';
import { type LabelledReview, listLabelledReviews } from '@livegate/db/reviews';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { REVIEW_LABELS } from '@livegate/domain/review';
import { encryptFrames, type FrameStore } from '@livegate/frame-store/frame-store';
import { openFrames } from '@livegate/frame-store/open-frames';
import { UsageError } from './usage-error.ts';

type Given = { positionals: string[]; keyDir: string; frameStoreUrl: string | undefined };
type Source = { db: Database; keyRing: KeyRing; frameStore: FrameStore<Queryable>; tally: Tally };
/** Of how many checks the images should be there, and of how many they were. */
type Tally = { expected: number; opened: number };

const FOLDERS = Object.values(REVIEW_LABELS).flatMap(({ folder }) => folder ?? []);

export const REVIEW_COMMANDS = {
  'review export': {
    usage: 'review export FOLDER   (what reviewers agree on, for `npm run pad -- FOLDER`; images while they are kept)',
    takes: 1,
    run: async (db: Database, { positionals: [folder = ''], keyDir, frameStoreUrl: url }: Given) => {
      const blobs = { insertFrameBlob, findFrameBlob, deleteFrameBlobs };
      const frameStore = encryptFrames(await openFrames({ url, db, blobs, afterCommit }));
      const keyRing = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
      const tally = { expected: 0, opened: 0 };
      const reviews = await listLabelledReviews(db);
      for (const review of reviews) await exportReview({ db, keyRing, frameStore, tally }, folder, review);
      const written = await writeTables(folder, reviews);
      if (tally.expected > 0 && tally.opened === 0)
        throw new UsageError(
          `${tally.expected} checks should still have images, and those of none could be opened: is it this server's key directory and frame store?`,
        );
      return [written];
    },
  },
};

/** The folder that all labels of a check name; null where reviewers disagree, or nobody could tell. */
function agreedFolder({ labels }: LabelledReview): string | null {
  const [first, ...others] = new Set(labels);
  return first && others.length === 0 ? REVIEW_LABELS[first].folder : null;
}

/** Pictures that an earlier export wrote stay, also when the server has them no more; those of a label that was not upheld go. */
async function exportReview(source: Source, folder: string, review: LabelledReview): Promise<void> {
  const agreed = agreedFolder(review);
  for (const other of FOLDERS) {
    if (other !== agreed) await rm(join(folder, other, review.id), { recursive: true, force: true });
  }
  if (agreed === null || existsSync(join(folder, agreed, review.id))) return;
  const images = await loadImages(source, review);
  if (images.length === 0) return;
  const place = join(folder, agreed, review.id);
  await mkdir(place, { recursive: true });
  for (const [index, jpeg] of images.entries()) {
    await writeFile(join(place, `${String(index + 1).padStart(3, '0')}.jpg`), jpeg);
  }
}

async function loadImages(source: Source, { id, checkId }: LabelledReview): Promise<Buffer[]> {
  const { db, keyRing, frameStore, tally } = source;
  const check = await findCheckById(db, checkId);
  const kept = check?.imagesReadable && check.dataKey ? await listKeptFrames(db, checkId) : [];
  if (!check || kept.length === 0) return [];
  tally.expected += 1;
  const dataKey = openDataKey(keyRing, check);
  if (!dataKey) return [];
  const images: Buffer[] = [];
  for (const { attempt, seq } of kept) {
    const jpeg = await frameStore.get({ ref: { clientId: check.clientId, checkId, attempt, seq }, dataKey });
    if (jpeg) images.push(jpeg);
  }
  if (images.length === 0) return [];
  tally.opened += 1;
  await recordAct(db, {
    actor: `admin:${userInfo().username}`,
    action: 'images.read',
    clientId: check.clientId,
    subject: checkId,
    details: { images: images.length, review: id },
  });
  return images;
}

// A destroyed key is the end of the images; an altered one is an error to be heard of.
function openDataKey(keyRing: KeyRing, { dataKey, clientId, id }: Check): Buffer | null {
  if (!dataKey) return null;
  try {
    return keyRing.unwrap(dataKey, keyPurpose.frames(clientId, id));
  } catch (error) {
    if (error instanceof KeyGone) return null;
    throw error;
  }
}

/** `meta.csv` is what the evaluation reads beside the pictures; `labels.csv` says what each reviewer said. */
async function writeTables(folder: string, reviews: readonly LabelledReview[]) {
  await mkdir(folder, { recursive: true });
  const meta = ['file,subject,device,light'];
  const labels = ['review,agreed,labels,pictures'];
  for (const review of reviews) {
    const agreed = agreedFolder(review);
    const pictures = agreed === null ? 0 : await countPictures(join(folder, agreed, review.id));
    if (pictures > 0) meta.push(`${agreed}/${review.id},${review.subject ?? ''},,`);
    labels.push(`${review.id},${agreed ?? ''},${review.labels.join(' ')},${pictures}`);
  }
  await writeFile(join(folder, 'meta.csv'), `${meta.join('\n')}\n`);
  await writeFile(join(folder, 'labels.csv'), `${labels.join('\n')}\n`);
  return { reviews: reviews.length, presentations: meta.length - 1, folder };
}

async function countPictures(folder: string): Promise<number> {
  return existsSync(folder) ? (await readdir(folder)).length : 0;
}
