/** Tells the endpoints that asked for it how far the person of a hosted check has got. */
import type { StepEvent } from '@livegate/domain/webhook-events';
import type { Check } from './checks.ts';
import type { Queryable } from './database.ts';
import { type EventFacts, makeEvent } from './make-event.ts';

type Announcement = {
  check: Pick<Check, 'id' | 'clientId' | 'token' | 'reference' | 'traceparent'>;
  step: StepEvent;
  /** Makes the exact bytes that are stored, signed and sent. */
  buildBody: (facts: EventFacts) => Buffer;
};

/** Whether any endpoint of the client names this step. Most clients have none: asked first, it saves the transaction. */
export async function isStepAwaited(
  db: Queryable,
  { clientId, step }: { clientId: string; step: StepEvent },
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `select from webhook_endpoints
                where client_id = $1 and deleted_at is null and disabled_at is null and $2 = any(events) limit 1`,
    [clientId, step],
  );
  return rowCount === 1;
}

/** In a transaction. Does nothing when nobody asked, when it was told before, or when the check is over or of the sandbox. */
export async function announceStep(tx: Queryable, { check, step, buildBody }: Announcement): Promise<void> {
  const { id: checkId, clientId, token, reference, traceparent } = check;
  if (!(await isStepAwaited(tx, { clientId, step }))) return;
  // Locked before it is asked what was told: two openings at once are one.
  await tx.query(/* sql */ `select from checks where id = $1 for update`, [checkId]);
  const { rows } = await tx.query(
    /* sql */ `update checks set steps_told = steps_told + 1
                where id = $1 and finished_at is null and not sandbox
                  and not exists (select from events where check_id = $1 and type = $2)
            returning steps_told as sequence, now() as "createdAt"`,
    [checkId, step],
  );
  if (!rows[0]) return;
  const told = { ownUrl: null, toEndpoints: true, terminal: false, traceparent };
  await makeEvent(tx, { checkId, clientId, token, reference, event: step, ...rows[0], ...told }, buildBody);
}
