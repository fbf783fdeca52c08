/** What a browser is told of a hand-over: the one that offered follows it, the one that took it knows that it is a guest. */
import type { CaptureStatus } from '@livegate/contracts/capture';
import type { Check } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import { hasRecentFrame } from '@livegate/db/frames';
import { findHandoff } from '@livegate/db/handoffs';
import type { Request } from 'express';
import { isBrowserOf } from './browser-binding.ts';

type Asked = Check & { isSecure: boolean };

/** Null for a browser that has no part in one. */
export async function viewHandoff(db: Queryable, request: Request, check: Asked): Promise<CaptureStatus['handoff']> {
  const handoff = await findHandoff(db, check.id);
  if (!handoff) return null;
  if (handoff.toDigest && isBrowserOf(request, check, handoff.toDigest)) return 'here';
  if (!isBrowserOf(request, check, handoff.fromDigest)) return null;
  if (!handoff.toDigest) return handoff.isExpired ? 'expired' : 'waiting';
  return check.submittedAt || (await isCapturing(db, check)) ? 'capturing' : 'taken';
}

/** A phone that is at it sends several frames a second, and a slow line one in some; then it was lost or laid down. */
const SILENT_AFTER_SECONDS = 30;

/** Whether pictures of the attempt come from the browser that has it: while they do it cannot be taken back. */
export function isCapturing(db: Queryable, { id: checkId, attempt }: Pick<Check, 'id' | 'attempt'>): Promise<boolean> {
  return hasRecentFrame(db, { checkId, attempt, withinSeconds: SILENT_AFTER_SECONDS });
}

/** Whether an offer waits for a browser that has yet to come. */
export async function isAwaited(db: Queryable, checkId: string): Promise<boolean> {
  const handoff = await findHandoff(db, checkId);
  return handoff !== null && !handoff.toDigest && !handoff.isExpired;
}

/** Whether this browser took the capture from another: the person's session with the integrator is in that one. */
export async function isGuest(db: Queryable, request: Request, check: Asked): Promise<boolean> {
  return (await viewHandoff(db, request, check)) === 'here';
}
