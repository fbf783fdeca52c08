/** Erasing: everything about a check goes, whatever state it is in; what remains is that it was there, and when it went. */
import type { Queryable } from './database.ts';
import { databaseNow } from './database-clock.ts';
import { insertDeletionReceipt } from './deletion-receipts.ts';
import { finishCheck } from './finish-check.ts';
import { listHeld } from './legal-holds.ts';
import type { EventFacts } from './make-event.ts';

export type ErasableCheck = {
  id: string;
  clientId: string;
  reference: string;
  sandbox: boolean;
  open: boolean;
  /** When the last key ends that could open a copy of an image; null when none is left. */
  unrecoverableAt: Date | null;
  held: boolean;
};

const COLUMNS = /* sql */ `id, client_id as "clientId", reference, sandbox, finished_at is null as open,
                           case when keys_end_at > now() then keys_end_at end as "unrecoverableAt"`;

/** The client's check with this reference, its row locked; null when there is none. Test keys see checks of the sandbox only. */
export async function lockCheckByReference(
  tx: Queryable,
  key: { clientId: string; reference: string; sandbox: boolean },
): Promise<ErasableCheck | null> {
  const { rows } = await tx.query(
    /* sql */ `select ${COLUMNS} from checks where reference = $1 and client_id = $2 and sandbox = $3 for update`,
    [key.reference, key.clientId, key.sandbox],
  );
  return rows[0] ? withHold(tx, rows[0]) : null;
}

/** The check with this id, its row locked, unless another transaction has it or it is gone. */
export async function lockCheckToErase(tx: Queryable, checkId: string): Promise<ErasableCheck | null> {
  const { rows } = await tx.query(/* sql */ `select ${COLUMNS} from checks where id = $1 for update skip locked`, [
    checkId,
  ]);
  return rows[0] ? withHold(tx, rows[0]) : null;
}

async function withHold(tx: Queryable, check: Omit<ErasableCheck, 'held'>): Promise<ErasableCheck> {
  return { ...check, held: (await listHeld(tx, [check.id])).has(check.id) };
}

/** Checks past the time of their verdict that no hold keeps, the longest overdue first: by client, as times are theirs. */
export async function listChecksPastRetention(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select due.id
                 from clients
                cross join lateral (select now() - retention(clients.id, 'verdict') as before offset 0) as kept
                cross join lateral (
                      select id, finished_at from checks
                       where client_id = clients.id and finished_at <= kept.before
                         and not exists (select from legal_holds where check_id = checks.id)
                       order by finished_at limit $1) as due
                order by due.finished_at limit $1`,
    [limit],
  );
  return rows.map((row) => row.id as string);
}

export type DeletionCause = 'retention' | 'request' | 'person';

/** What a deletion receipt says. */
export type DeletionFacts = {
  reference: string;
  clientId: string;
  cause: DeletionCause;
  deleted: Record<string, number>;
  deletedAt: Date;
  unrecoverableAt: Date | null;
};

type Erasing = {
  check: ErasableCheck;
  cause: DeletionCause;
  /** Removes every image of the check from wherever images are. */
  removeFrames: () => Promise<void>;
  buildBody: (facts: EventFacts) => Buffer;
  sign: (facts: DeletionFacts) => Promise<string>;
};

/**
 * Erases a locked check in whatever state, and returns the receipt. An open one ends first, so that the log of transitions
 * tells no lie; nobody is told of that end.
 */
export async function eraseCheck(
  tx: Queryable,
  { check, cause, removeFrames, buildBody, sign }: Erasing,
): Promise<string> {
  const images = await countImages(tx, check);
  if (check.open) {
    const ending = { event: 'fail' as const, failureReason: 'abandoned' as const, reasons: [] };
    const failed = await finishCheck(tx, { checkId: check.id, ending, buildBody });
    // What has not been started cannot fail: it expires, and is made to have done so.
    if (!failed) await expireNow(tx, { checkId: check.id, buildBody });
  }
  await removeFrames();
  const deleted = { check: 1, images, ...(await eraseRows(tx, check.id)) };
  const { clientId, reference, sandbox, unrecoverableAt } = check;
  const jws = await sign({ reference, clientId, cause, deleted, deletedAt: await databaseNow(tx), unrecoverableAt });
  await insertDeletionReceipt(tx, { clientId, reference, sandbox, jws });
  return jws;
}

/** By the frames, which are rows wherever the images are: until the verdict each of the attempt has one, then those that are kept. */
async function countImages(tx: Queryable, { id, open }: ErasableCheck): Promise<number> {
  const { rows } = await tx.query(
    /* sql */ `select count(*)::int as images from frames join checks on checks.id = check_id
                where checks.id = $1 and data_key is not null
                  and (image_expires_at is not null or $2 and frames.attempt = checks.attempt)`,
    [id, open],
  );
  return rows[0].images;
}

async function expireNow(
  tx: Queryable,
  { checkId, buildBody }: { checkId: string; buildBody: Erasing['buildBody'] },
): Promise<void> {
  await tx.query(/* sql */ `update checks set link_expires_at = now() where id = $1`, [checkId]);
  await finishCheck(tx, { checkId, ending: { event: 'expire' }, buildBody });
}

async function eraseRows(tx: Queryable, checkId: string): Promise<Record<string, number>> {
  await tx.query(
    /* sql */ `delete from delivery_attempts where delivery_id in (select id from deliveries where check_id = $1)`,
    [checkId],
  );
  const deliveries = await tx.query(/* sql */ `delete from deliveries where check_id = $1`, [checkId]);
  await tx.query(/* sql */ `delete from request_rates where subject = 'link:' || $1`, [checkId]);
  const events = await tx.query(/* sql */ `delete from events where check_id = $1`, [checkId]);
  const frames = await tx.query(/* sql */ `delete from frames where check_id = $1`, [checkId]);
  await tx.query(/* sql */ `delete from checks where id = $1`, [checkId]);
  return { frames: frames.rowCount ?? 0, events: events.rowCount ?? 0, deliveries: deliveries.rowCount ?? 0 };
}
