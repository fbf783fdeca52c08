/** `POST /api/onboarding/biometrics/face/liveliness_check/`, with and without the slash. */
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { type Credentials, callerOf, soleHeader } from '../../http/authenticate.ts';
import { callerGone } from '../../http/caller-gone.ts';
import { referenceOf } from '../../http/reference.ts';
import { type CheckImageDeps, checkImage } from '../../instant/check-image.ts';
import type { ImageVerdict } from '../../instant/image-verdict.ts';
import { type ImageSource, readImage } from '../../instant/read-image.ts';
import { setVerdictHeaders } from '../../instant/verdict-headers.ts';
import { scenarioOf } from '../../sandbox/choose-scenario.ts';

/** The contract tells a missing key from a wrong one, in words only. */
export const smartcomplyCredentials: Credentials = {
  read: (request) => soleHeader(request, 'x-access-token'),
  missing: 'Authentication credentials were not provided.',
  wrong: 'Invalid API key.',
};

type Deps = CheckImageDeps & ImageSource & { smartcomplyThreshold: number };

export function smartcomplyLivelinessCheck({ smartcomplyThreshold, ...deps }: Deps): RequestHandler {
  return async (request, response) => {
    const gone = callerGone(response);
    const caller = callerOf(response);
    const image = await readImage(readImageField(request.body), caller, deps);
    const wish = {
      reference: referenceOf(response),
      caller,
      scenario: scenarioOf(response),
      contract: 'smartcomply',
      image,
      threshold: smartcomplyThreshold,
    } as const;
    const verdict = await checkImage(deps, wish, gone);
    setVerdictHeaders(response, verdict);
    response.json(render(verdict));
  };
}

/** Throws `invalid_request`. */
export function readImageField(body: unknown): string {
  const image = typeof body === 'object' && body !== null ? (body as { image?: unknown }).image : undefined;
  if (image === undefined || image === null || image === '')
    throw new CodedError('invalid_request', 'Missing required fields', { field: 'image' });
  if (typeof image !== 'string') throw new CodedError('invalid_request', 'image must be a string', { field: 'image' });
  return image;
}

function render({ passed, confidence, reference }: ImageVerdict) {
  return {
    status: 'success',
    data: {
      status: passed,
      detail: passed ? 'Liveliness Detected' : 'Liveliness Not Detected',
      // A client that tests only for "00" must never accept an attack.
      response_code: passed ? '00' : '01',
      confidence,
      confidence_in_percentage: confidence * 100,
      verification: { status: passed ? 'VERIFIED' : 'FAILED', reference },
      widget_info: {},
      session: {},
    },
    message: passed ? 'Face Liveliness successful' : 'Face Liveliness failed',
  };
}
