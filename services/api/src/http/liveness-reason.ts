/** Why not live, for contracts whose bodies have no place for it: stable codes in a header. */
import type { ReasonCode } from '@livegate/domain/reasons';
import type { Response } from 'express';

export function setLivenessReason(response: Response, reasons: readonly ReasonCode[]): void {
  if (reasons.length > 0) response.set('X-Liveness-Reason', reasons.join(', '));
}
