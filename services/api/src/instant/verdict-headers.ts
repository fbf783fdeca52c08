/** What every one-shot answer says in its headers, where the contract's body has no place for it. */
import type { Response } from 'express';
import { noteScenario } from '../sandbox/choose-scenario.ts';
import type { ImageVerdict } from './image-verdict.ts';

/** Why it is not live in stable codes, evidence against its camera, the signed decision receipt, and the scenario that the sandbox played. */
export function setVerdictHeaders(response: Response, verdict: ImageVerdict): void {
  const { reasons, riskSignals, needsReview, receipt, scenario } = verdict;
  if (reasons.length > 0) response.set('X-Liveness-Reason', reasons.join(', '));
  if (riskSignals.length > 0) response.set('X-Liveness-Risk', riskSignals.join(', '));
  if (needsReview) response.set('X-Liveness-Review', 'true');
  if (receipt) response.set('X-Liveness-Receipt', receipt);
  if (scenario) noteScenario(response, scenario);
}
