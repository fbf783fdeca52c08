/** Whether a capture is shown in another site's frame: the page says so, and it counts where the client allows it. */
import { CAPTURE_HEADERS } from '@livegate/contracts/capture';
import { findClientPage } from '@livegate/db/client-page';
import type { Queryable } from '@livegate/db/database';
import { effectiveFrameOrigins } from '@livegate/domain/frame-origins';
import type { EgressMode } from '@livegate/egress/target-policy';
import type { Request } from 'express';

export type FramingDeps = { db: Queryable; mode: EgressMode };

export async function isCaptureFramed({ db, mode }: FramingDeps, request: Request, clientId: string): Promise<boolean> {
  if (!saysFramed(request)) return false;
  const page = await findClientPage(db, clientId);
  return effectiveFrameOrigins(page?.frameOrigins ?? [], mode).length > 0;
}

/** Nobody gains by saying it untruly: it changes nothing but the cookie of who says it. */
export function saysFramed(request: Request): boolean {
  return request.get(CAPTURE_HEADERS.framed) === '1';
}
