/** Lets a hosted check of the sandbox play a scenario; lifecycle takes it on from there. */
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Check } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import { chooseScenario, insertKeptFrames } from '@livegate/db/scenarios';
import { CodedError } from '@livegate/domain/errors';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { findScenario, type HostedEffect, SANDBOX_IMAGE, SCENARIO_STEP_SECONDS } from '@livegate/domain/sandbox';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { KEPT_IMAGE } from './kept-image.ts';

export type StageDeps = { frameStore: FrameStore<Queryable>; keyRing: KeyRing };
type Staged = Pick<Check, 'id' | 'clientId' | 'auditImages'> & { dataKey: Buffer };

/** Throws `capture_closed` when the check plays one already, or is over. */
export async function stageCheck(
  tx: Queryable,
  { frameStore, keyRing }: StageDeps,
  { check, scenario }: { check: Staged; scenario: string },
): Promise<void> {
  const effect = findScenario(scenario)?.hosted;
  if (!effect || effect.effect === 'refuse') {
    throw new CodedError('invalid_request', 'scenario must be one that a hosted check can play.', {
      field: 'scenario',
    });
  }
  if (!(await chooseScenario(tx, { checkId: check.id, scenario, ...timesOf(effect) }))) {
    throw new CodedError('capture_closed', 'The check plays a scenario already, or is over.');
  }
  if (effect.effect !== 'verdict') return;
  const dataKey = keyRing.unwrap(check.dataKey, keyPurpose.frames(check.clientId, check.id));
  const kept = { checkId: check.id, auditImages: check.auditImages, bytes: KEPT_IMAGE.length };
  for (const seq of await insertKeptFrames(tx, { ...kept, boundingBox: SANDBOX_IMAGE.face })) {
    const ref = { clientId: check.clientId, checkId: check.id, attempt: 1, seq };
    await frameStore.put(tx, { ref, dataKey, image: KEPT_IMAGE });
  }
}

function timesOf(effect: HostedEffect): { dueSeconds: number | null; linkSeconds: number | null } {
  if (effect.effect === 'expire') return { dueSeconds: null, linkSeconds: SCENARIO_STEP_SECONDS };
  if (effect.effect === 'stay' && effect.state === 'pending') return { dueSeconds: null, linkSeconds: null };
  return { dueSeconds: SCENARIO_STEP_SECONDS, linkSeconds: null };
}
