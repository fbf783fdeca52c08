/** Who read the images of a check, and who took an export: noted before the answer goes. */
import { recordAct } from '@livegate/db/audit-log';
import type { Check } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import type { Caller } from '../http/authenticate.ts';

type Read = { caller: Caller; check: Pick<Check, 'id'>; images: readonly unknown[] };

/** Nothing is noted when no image was given out. */
export async function noteImageRead(db: Queryable, { images, ...read }: Read): Promise<void> {
  if (images.length > 0) await note(db, { ...read, action: 'images.read', details: { images: images.length } });
}

export async function noteExport(db: Queryable, { images, ...read }: Read): Promise<void> {
  await note(db, { ...read, action: 'check.exported', details: { images: images.length } });
}

type Noted = Omit<Read, 'images'> & { action: string; details: Record<string, unknown> };

async function note(db: Queryable, { caller, check, action, details }: Noted): Promise<void> {
  await recordAct(db, { actor: `key:${caller.keyId}`, action, clientId: caller.clientId, subject: check.id, details });
}
