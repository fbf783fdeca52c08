/** `POST /liveness_check`: makes a hosted check. */
import { type CreateRequest, type CreateResponse, createRequest } from '@livegate/contracts/globaldata';
import type { Database } from '@livegate/db/database';
import type { Challenge } from '@livegate/domain/challenge';
import { CodedError } from '@livegate/domain/errors';
import { checkTargetUrl, type EgressMode } from '@livegate/egress/target-policy';
import type { RequestHandler } from 'express';
import { type CreateDeps, createHostedCheck, type HostedWish } from '../../handlers/create-hosted-check.ts';
import { type Caller, callerOf } from '../../http/authenticate.ts';
import { onceOnly, readIdempotencyKey } from '../../http/idempotency.ts';
import { readBody } from '../../http/parse-body.ts';
import { setReference } from '../../http/reference.ts';
import type { Admission } from '../../instant/admission.ts';
import { scenarioOf } from '../../sandbox/choose-scenario.ts';

type Deps = CreateDeps & {
  db: Database;
  mode: EgressMode;
  admission: Admission;
  mayChallenge: boolean;
  defaultChallenge: Challenge;
};

export function createLivenessCheck(deps: Deps): RequestHandler {
  return async (request, response) => {
    const wish = readBody(request, createRequest);
    const caller = about(callerOf(response), wish);
    refuseUnsafeUrls(wish, deps.mode);
    if (wish.challenge === 'turn' && !deps.mayChallenge) {
      throw new CodedError('invalid_request', 'challenge must be none on this server.', { field: 'challenge' });
    }
    await deps.admission.require('create');
    const scenario = scenarioOf(response);
    const { answer: check, replayed } = await onceOnly(deps, {
      caller,
      key: readIdempotencyKey(request),
      // What the headers say is part of what is asked for.
      wish: { ...wish, person_reference: caller.personReference, scenario },
      work: (tx) =>
        createHostedCheck(tx, deps, {
          ...asHostedCheck(wish, deps.defaultChallenge),
          caller,
          scenario,
        }),
    });
    if (replayed) response.set('Idempotent-Replayed', 'true');
    setReference(response, check.reference);
    const body: CreateResponse = {
      token: check.token,
      url: check.url,
      secret: check.secret,
      ...(wish.webhook_url === undefined ? {} : { webhook_url: wish.webhook_url }),
      reference: check.reference,
    };
    response.status(201).location(`/liveness_check?token=${check.token}`).json(body);
  };
}

function asHostedCheck(wish: CreateRequest, defaultChallenge: Challenge): Omit<HostedWish, 'caller' | 'scenario'> {
  return {
    contract: 'globaldata',
    challenge: wish.challenge ?? defaultChallenge,
    threshold: wish.threshold,
    auditImages: wish.audit_images,
    linkValidMinutes: wish.link_valid_mins,
    returnUrl: wish.return_url,
    webhookUrl: wish.webhook_url ?? null,
  };
}

function refuseUnsafeUrls(wish: CreateRequest, mode: EgressMode): void {
  for (const field of ['return_url', 'webhook_url'] as const) {
    const text = wish[field];
    if (text === undefined) continue;
    const checked = checkTargetUrl(text, { mode, allowFragment: field === 'return_url' });
    if (!checked.ok) throw new CodedError('invalid_request', `${field} ${checked.why}.`, { field });
  }
}

/** The body's word for the person comes before the header's. */
function about(caller: Caller, { person_reference: name }: CreateRequest): Caller {
  return name === undefined ? caller : { ...caller, personReference: name };
}
