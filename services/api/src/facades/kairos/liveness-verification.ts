/** `POST /v0.1/liveness-verification` and `/v0.2/…`. */
import { CodedError } from '@livegate/domain/errors';
import type { DetectedFace } from '@livegate/domain/verdict';
import type { RequestHandler } from 'express';
import { callerOf } from '../../http/authenticate.ts';
import { callerGone } from '../../http/caller-gone.ts';
import { referenceOf } from '../../http/reference.ts';
import { type CheckImageDeps, checkImage } from '../../instant/check-image.ts';
import type { ImageVerdict } from '../../instant/image-verdict.ts';
import { setVerdictHeaders } from '../../instant/verdict-headers.ts';
import { scenarioOf } from '../../sandbox/choose-scenario.ts';
import { Float, stringifyWithFloats } from './float-json.ts';
import { readSelfie } from './upload.ts';

// What the v0.2 page states as the maximum.
const MAX_SIDE_PIXELS = 5_000;

export function kairosLivenessVerification(deps: CheckImageDeps): RequestHandler {
  return async (request, response) => {
    const gone = callerGone(response);
    const caller = callerOf(response);
    const { image, threshold } = readSelfie(request);
    const wish = {
      reference: referenceOf(response),
      caller,
      scenario: scenarioOf(response),
      contract: 'kairos',
      image,
      threshold,
    } as const;
    const verdict = await checkImage(deps, wish, gone);
    if (Math.max(verdict.width, verdict.height) > MAX_SIDE_PIXELS) {
      throw new CodedError('image_too_large', `The selfie is more than ${MAX_SIDE_PIXELS} pixels wide or high.`);
    }
    setVerdictHeaders(response, verdict);
    response.type('application/json').send(stringifyWithFloats(render(verdict)));
  };
}

function render(verdict: ImageVerdict) {
  return {
    api_req_uid: verdict.reference,
    processed_at: printTime(verdict.processedAt),
    requested_at: printTime(verdict.requestedAt),
    // 0 accepts, 2 rejects: the only two of the vendor's codes that a machine decides.
    response_code: verdict.passed ? 0 : 2,
    response_data: {
      faces_liveness: new Float(verdict.confidence),
      faces_predicted: verdict.faces.map((face) => renderFace(face, verdict)),
      img: { height: verdict.height, width: verdict.width },
    },
  };
}

/** Pixels from the top left corner; `delta` is width and height. */
function renderFace({ boundingBox: box, confidence }: DetectedFace, { width, height }: ImageVerdict) {
  return {
    confidence: fourDecimals(confidence),
    delta: { x: fourDecimals(box.width * width), y: fourDecimals(box.height * height) },
    top_left: { x: fourDecimals(box.left * width), y: fourDecimals(box.top * height) },
  };
}

function fourDecimals(value: number): Float {
  return new Float(Number(value.toFixed(4)));
}

/** `2024-04-01 20:05:17`, UTC. */
function printTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
