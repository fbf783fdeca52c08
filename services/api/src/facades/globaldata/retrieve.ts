/** `GET /liveness_check?token=`: where the check stands. Idempotent and safe to poll. */
import type { ExpiredResponse, ResultResponse, WaitingResponse } from '@livegate/contracts/globaldata';
import { type Check, findCheckByToken } from '@livegate/db/checks';
import { findReceipt } from '@livegate/db/decision-receipts';
import { CodedError } from '@livegate/domain/errors';
import type { BoundingBox } from '@livegate/domain/verdict';
import type { Request, RequestHandler } from 'express';
import { type ImageDeps, type KeptImage, loadKeptImages } from '../../handlers/load-kept-images.ts';
import { callerOf } from '../../http/authenticate.ts';
import { setReference } from '../../http/reference.ts';
import { noteImageRead } from '../../records/note-reads.ts';
import { noteScenario } from '../../sandbox/choose-scenario.ts';

export function retrieveLivenessCheck(deps: ImageDeps): RequestHandler {
  return async (request, response) => {
    const { clientId, mode } = callerOf(response);
    const token = readToken(request);
    const check = TOKEN.test(token)
      ? await findCheckByToken(deps.db, { clientId, token, sandbox: mode === 'test' })
      : null;
    if (!check) throw new CodedError('unknown_token', 'The token is not valid.', { field: 'token' });
    setReference(response, check.reference);
    if (check.scenario) noteScenario(response, check.scenario);
    if (check.state === 'expired' || check.linkExpired) {
      response.status(410).json({ status: 'expired', reference: check.reference } satisfies ExpiredResponse);
      return;
    }
    if (check.state === 'pending' || check.state === 'in_progress') {
      const body: WaitingResponse = { status: check.state, token: check.token, reference: check.reference };
      response.status(202).set('Retry-After', '2').json(body);
      return;
    }
    const receipt = await findReceipt(deps.db, check.id);
    const images = await loadKeptImages(deps, check);
    await noteImageRead(deps.db, { caller: callerOf(response), check, images });
    response.status(200).json(renderResult(check, { images, receipt }));
  };
}

// What create makes; anything else need not be looked up.
const TOKEN = /^[A-Za-z0-9]{32}$/;

// A query ends up in other people's logs, so a header does as well.
function readToken(request: Request): string {
  const query = request.query.token;
  const header = request.headers['x-check-token'];
  const token = query ?? header;
  const isAmbiguous = query !== undefined && header !== undefined && query !== header;
  if (typeof token === 'string' && token.length > 0 && !isAmbiguous) return token;
  throw new CodedError('invalid_request', 'token is required, once.', { field: 'token' });
}

type Evidence = { images: readonly KeptImage[]; receipt: string | null };

/** A failed check has no verdict: the contract's shape says so with `passed:false` and a confidence of 0, which is safe. */
function renderResult(check: Check, { images, receipt }: Evidence): ResultResponse {
  const probe = images.find((image) => image.role === 'probe');
  const audit = images.filter((image) => image.role === 'audit');
  const gone = check.imagesExpireAt !== null && !check.imagesReadable;
  return {
    status: check.state === 'failed' ? 'failed' : 'complete',
    token: check.token,
    reference: check.reference,
    result: {
      passed: check.passed ?? false,
      confidence: check.confidence ?? 0,
      threshold: check.threshold,
      checked_at: (check.finishedAt as Date).toISOString(),
      reasons: check.reasons,
      ...renderBox(check.boundingBox),
      ...(probe ? { image: dataUri(probe) } : {}),
      ...(check.auditImages > 0 && audit.length > 0 ? { audit_images: audit.map(renderAuditImage) } : {}),
      ...(check.modelProfile ? { model_profile: check.modelProfile } : {}),
      ...(receipt ? { receipt } : {}),
      ...(gone ? { images_expired_at: (check.imagesExpireAt as Date).toISOString() } : {}),
    },
    ...(check.failureReason ? { failure_reason: check.failureReason } : {}),
  };
}

function renderAuditImage(image: KeptImage) {
  return { image: dataUri(image), ...renderBox(image.boundingBox) };
}

/** In the contract's order of keys: the database keeps its own. */
function renderBox(box: BoundingBox | null) {
  return box ? { bounding_box: { left: box.left, top: box.top, width: box.width, height: box.height } } : {};
}

function dataUri(image: KeptImage): string {
  return `data:image/jpeg;base64,${image.jpeg.toString('base64')}`;
}
