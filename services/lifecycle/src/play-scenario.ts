/** One step of a sandbox check: its person starts, or its end comes. The same commands as for a real check. */
import { webhookBody } from '@livegate/contracts/webhook-event';
import { finishCheck } from '@livegate/db/finish-check';
import { type DueScenario, endScenario, startScenario, takeDueScenario } from '@livegate/db/scenarios';
import {
  findScenario,
  type HostedEffect,
  playVerdict,
  SANDBOX_IMAGE,
  SCENARIO_STEP_SECONDS,
} from '@livegate/domain/sandbox';
import { keepDataKey } from './keep-data-key.ts';
import type { SweepDeps } from './sweep.ts';

/** False when the step is not due (any more). */
export async function playScenario(
  { db, keyRing }: Pick<SweepDeps, 'db' | 'keyRing'>,
  checkId: string,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const due = await takeDueScenario(tx, checkId);
    if (!due) return false;
    const effect = findScenario(due.scenario)?.hosted;
    if (due.state === 'pending') {
      await startScenario(tx, { checkId, dueSeconds: effect ? secondsToEnd(effect) : null });
      return true;
    }
    await endScenario(tx, checkId);
    const ending = effect && endingOf(due, { effect, keptDataKey: await keepDataKey(tx, keyRing, due) });
    if (ending) await finishCheck(tx, { checkId, ending, buildBody: webhookBody });
    return true;
  });
}

/** Null: the check does not end by itself. */
function secondsToEnd(effect: HostedEffect): number | null {
  if (effect.effect === 'stay') return null;
  return effect.effect === 'verdict' ? (effect.afterSeconds ?? SCENARIO_STEP_SECONDS) : SCENARIO_STEP_SECONDS;
}

type Ending = Parameters<typeof finishCheck>[1]['ending'];

type Kept = { effect: HostedEffect; keptDataKey: Buffer | null };

function endingOf(due: DueScenario, { effect, keptDataKey }: Kept): Ending | null {
  switch (effect.effect) {
    case 'verdict':
      return {
        event: 'verdict',
        ...playVerdict(due.contract, { score: effect.score, threshold: due.threshold, reason: effect.reason }),
        boundingBox: SANDBOX_IMAGE.face,
        keptDataKey,
      };
    case 'fail':
      return { event: 'fail', failureReason: effect.failureReason, reasons: effect.reasons };
    // The link's own end is what expires a check, and a refused request made none.
    case 'expire':
    case 'stay':
    case 'refuse':
      return null;
  }
}
