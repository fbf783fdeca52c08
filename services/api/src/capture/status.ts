/** `GET …/status`: what the page should show. Outcome-neutral: `done` says nothing of the verdict. */
import { CAPTURE_FRAMES, type CaptureStatus } from '@livegate/contracts/capture';
import type { Check } from '@livegate/db/checks';
import { findClientName } from '@livegate/db/client-name';
import type { Queryable } from '@livegate/db/database';
import type { RequestHandler } from 'express';
import { isElsewhere, offerCookie } from './browser-binding.ts';
import { findCapture } from './find-capture.ts';
import { redirectUrl } from './redirect-url.ts';

type Deps = { db: Queryable; publicUrl: () => string; detectorUrl: string | null };

export function captureStatus({ db, publicUrl, detectorUrl }: Deps): RequestHandler {
  return async (request, response) => {
    const check = await findCapture(db, response);
    const binding = { ...check, isSecure: publicUrl().startsWith('https:') };
    offerCookie(request, response, binding);
    const body: CaptureStatus = {
      ...stateOf(check),
      attempt: check.attempt,
      attempts_allowed: check.attemptsAllowed,
      reason: check.attemptReason,
      words: check.attemptWords,
      frames: CAPTURE_FRAMES,
      client_name: await findClientName(db, check.clientId),
      challenge: check.challenge,
      consented: check.consentedAt !== null,
      detector_url: detectorUrl,
      elsewhere: isElsewhere(request, binding),
    };
    response.json(body);
  };
}

function stateOf(check: Check): Pick<CaptureStatus, 'state' | 'redirect_url'> {
  if (check.linkExpired) return { state: 'expired', redirect_url: redirectUrl(check, 'expired') };
  switch (check.state) {
    case 'pending':
      return { state: 'open', redirect_url: null };
    case 'in_progress':
      if (check.submittedAt) return { state: 'processing', redirect_url: null };
      return { state: check.attemptWords ? 'retry' : 'open', redirect_url: null };
    case 'complete':
      return { state: 'done', redirect_url: redirectUrl(check) };
    case 'failed':
    case 'expired':
      return { state: check.state, redirect_url: redirectUrl(check, check.state) };
  }
}
