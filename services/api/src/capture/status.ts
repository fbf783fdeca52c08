/** `GET …/status`: what the page should show. Outcome-neutral: `done` says nothing of the verdict. */
import { CAPTURE_FRAMES, type CaptureStatus } from '@livegate/contracts/capture';
import type { Check } from '@livegate/db/checks';
import { findClientPage } from '@livegate/db/client-page';
import { effectiveFrameOrigins } from '@livegate/domain/frame-origins';
import type { RequestHandler } from 'express';
import { logoUrl } from '../brand/logo-address.ts';
import { isElsewhere, offerCookie } from './browser-binding.ts';
import { findCapture } from './find-capture.ts';
import { type FramingDeps, saysFramed } from './framing.ts';
import { isAwaited, viewHandoff } from './handoff-view.ts';
import { canHandOff } from './offer-handoff.ts';
import { redirectUrl } from './redirect-url.ts';

type Deps = FramingDeps & { publicUrl: () => string; detectorUrl: string | null };

export function captureStatus({ db, publicUrl, detectorUrl, mode }: Deps): RequestHandler {
  return async (request, response) => {
    const check = await findCapture(db, response);
    const binding = { ...check, isSecure: publicUrl().startsWith('https:') };
    const handoff = await viewHandoff(db, request, binding);
    const { state, redirect_url } = stateOf(check);
    const page = await findClientPage(db, check.clientId);
    const frameOrigins = effectiveFrameOrigins(page?.frameOrigins ?? [], mode);
    const isFramed = saysFramed(request) && frameOrigins.length > 0;
    offerCookie(request, response, { ...binding, isFramed, isAwaited: await isAwaited(db, check.id) });
    const body: CaptureStatus = {
      state,
      // The browser that the person came from goes back: that is where their session is.
      redirect_url: handoff === 'here' ? null : redirect_url,
      attempt: check.attempt,
      attempts_allowed: check.attemptsAllowed,
      reason: check.attemptReason,
      words: check.attemptWords,
      frames: CAPTURE_FRAMES,
      client_name: page?.name ?? null,
      logo_url: logoUrl(page?.logos.light ?? page?.logos.dark),
      dark_logo_url: logoUrl(page?.logos.dark),
      frame_origins: [...frameOrigins],
      challenge: check.challenge,
      consented: check.consentedAt !== null,
      detector_url: detectorUrl,
      elsewhere: isElsewhere(request, binding),
      can_hand_off: canHandOff(publicUrl()),
      handoff,
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
