/** `POST …/alternative`: the person cannot turn their head. The client's policy says what that yields. */
import { type AlternativeResponse, alternativeRequest } from '@livegate/contracts/capture';
import { declineChallenge } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import type { RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import { requireSameBrowser } from './browser-binding.ts';
import { findCapture } from './find-capture.ts';
import { isGuest } from './handoff-view.ts';
import { redirectUrl } from './redirect-url.ts';

export function declineTurning({ db, publicUrl }: { db: Queryable; publicUrl: () => string }): RequestHandler {
  return async (request, response) => {
    readBody(request, alternativeRequest);
    const check = await findCapture(db, response);
    const asked = { ...check, isSecure: publicUrl().startsWith('https:') };
    requireSameBrowser(request, asked);
    const continues = await declineChallenge(db, check.id);
    const goesBack = !continues && !(await isGuest(db, request, asked));
    const body: AlternativeResponse = { continues, redirect_url: goesBack ? redirectUrl(check, 'cancelled') : null };
    response.json(body);
  };
}
