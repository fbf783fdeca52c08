/** At the verdict a check's data key gets a new end: that of its images. */
import { KeyGone } from '@livegate/crypto/envelope';
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Queryable } from '@livegate/db/database';
import { databaseNow } from '@livegate/db/database-clock';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { IMAGE_RETENTION_MINUTES } from '@livegate/domain/retention';

type Owner = { id: string; clientId: string; dataKey: Buffer | null };

/**
 * The data key wrapped until the image retention ends, or null when it can no longer be opened: then the verdict stands,
 * and no image is kept.
 */
export async function keepDataKey(
  tx: Queryable,
  keyRing: KeyRing,
  { id, clientId, dataKey }: Owner,
): Promise<Buffer | null> {
  if (!dataKey) return null;
  const purpose = keyPurpose.frames(clientId, id);
  try {
    const plain = keyRing.unwrap(dataKey, purpose);
    const until = new Date((await databaseNow(tx)).getTime() + IMAGE_RETENTION_MINUTES * 60_000);
    return await keyRing.epochs.wrapUntil(plain, { until, purpose });
  } catch (error) {
    if (error instanceof KeyGone) return null;
    throw error;
  }
}
