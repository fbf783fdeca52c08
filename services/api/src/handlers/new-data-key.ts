/** The data key of a new check, wrapped by a key that is destroyed soon after the check can need it. */
import { type KeyRing, newDataKey } from '@livegate/crypto/key-ring';
import type { DatabaseTime } from '@livegate/db/database-clock';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { DATA_KEY_SLACK_SECONDS } from '@livegate/domain/retention';

type Needed = { clientId: string; checkId: string; seconds: number; databaseTime: DatabaseTime };

/** `seconds`: how long frames of this check are sealed and opened before its verdict. */
export async function newDataKeyFor(
  { epochs }: KeyRing,
  { clientId, checkId, seconds, databaseTime }: Needed,
): Promise<{ dataKey: Buffer; wrapped: Buffer }> {
  const dataKey = newDataKey();
  const until = new Date(databaseTime().getTime() + (seconds + DATA_KEY_SLACK_SECONDS) * 1_000);
  return {
    dataKey,
    wrapped: await epochs.wrapUntil(dataKey, { until, purpose: keyPurpose.frames(clientId, checkId) }),
  };
}
