/** The probe and audit images of a complete check, while they may be read. */
import { KeyGone } from '@livegate/crypto/envelope';
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Check } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import { type KeptFrame, listKeptFrames } from '@livegate/db/frames';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { FrameStore } from '@livegate/frame-store/frame-store';

export type ImageDeps = { db: Queryable; frameStore: FrameStore<Queryable>; keyRing: KeyRing };
export type KeptImage = Pick<KeptFrame, 'role' | 'boundingBox'> & { jpeg: Buffer };

/** In order of capture; empty when the retention is over or nothing was kept. */
export async function loadKeptImages({ db, frameStore, keyRing }: ImageDeps, check: Check): Promise<KeptImage[]> {
  if (!check.imagesReadable || !check.dataKey) return [];
  const dataKey = unwrapUnlessGone(keyRing, check.dataKey, keyPurpose.frames(check.clientId, check.id));
  if (!dataKey) return [];
  const images: KeptImage[] = [];
  for (const { attempt, seq, role, boundingBox } of await listKeptFrames(db, check.id)) {
    const ref = { clientId: check.clientId, checkId: check.id, attempt, seq };
    const jpeg = await frameStore.get({ ref, dataKey });
    if (jpeg) images.push({ role, boundingBox, jpeg });
  }
  return images;
}

// A destroyed key is the end of the images, whatever the row still says; an altered one is an error to be heard of.
function unwrapUnlessGone(keyRing: KeyRing, wrapped: Buffer, purpose: string): Buffer | null {
  try {
    return keyRing.unwrap(wrapped, purpose);
  } catch (error) {
    if (error instanceof KeyGone) return null;
    throw error;
  }
}
