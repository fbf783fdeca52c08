/** Ends one check without a verdict and removes its frames, in one transaction. */
import { webhookBody } from '@livegate/contracts/webhook-event';
import { finishCheck } from '@livegate/db/finish-check';
import type { FailureReason } from '@livegate/domain/failure';
import { checkMoved } from '@livegate/telemetry/events';
import type { SweepDeps } from './sweep.ts';

type Ending =
  | { event: 'expire' }
  | { event: 'fail'; failureReason: FailureReason; reasons: string[]; onlyIfOverdue: true };

/** False when the check had moved on meanwhile. */
export async function endCheck({ db, frameStore }: SweepDeps, checkId: string, ending: Ending): Promise<boolean> {
  const ended = await db.transaction(async (tx) => {
    const eventId = await finishCheck(tx, { checkId, ending, buildBody: webhookBody });
    if (eventId) await frameStore.removeAllBut(tx, checkId, []);
    return eventId !== null;
  });
  if (ended) {
    checkMoved(ending.event === 'expire' ? { state: 'expired' } : { state: 'failed', reason: ending.failureReason });
  }
  return ended;
}
