/** `POST …/abandon`: the person leaves without a submission. Ends no check: the link stays good until it expires. */
import { abandonRequest } from '@livegate/contracts/capture';
import { webhookBody } from '@livegate/contracts/webhook-event';
import { announceStep } from '@livegate/db/announce-step';
import type { Database } from '@livegate/db/database';
import { captureStepped } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import { isElsewhere } from './browser-binding.ts';
import { findCapture } from './find-capture.ts';
import { isGuest } from './handoff-view.ts';
import { redirectUrl } from './redirect-url.ts';

export function abandonCapture({ db, publicUrl }: { db: Database; publicUrl: () => string }): RequestHandler {
  return async (request, response) => {
    const { error } = readBody(request, abandonRequest);
    const check = await findCapture(db, response);
    captureStepped('abandoned');
    const binding = { ...check, isSecure: publicUrl().startsWith('https:') };
    // Whoever else has the link, and who has sent their pictures, cancels nothing.
    if (error === 'cancelled' && !check.submittedAt && !isElsewhere(request, binding)) {
      await db.transaction((tx) => announceStep(tx, { check, step: 'cancelled', buildBody: webhookBody }));
    }
    const goesBack = !(await isGuest(db, request, binding));
    response.json({ redirect_url: goesBack ? redirectUrl(check, error) : null });
  };
}
