/** `PUT …/frames/<seq>`: stores one frame, sealed, and puts what has arrived into a batch while the capture goes on. */
import { CAPTURE_FRAMES, CAPTURE_HEADERS, type FrameResponse } from '@livegate/contracts/capture';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { type Check, lockCheck } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import { type BatchHint, batchWaitingFrames } from '@livegate/db/frame-batches';
import { insertFrame } from '@livegate/db/frames';
import { CHALLENGE_RULES } from '@livegate/domain/challenge';
import { CodedError } from '@livegate/domain/errors';
import { describeEncoding } from '@livegate/domain/jpeg-encoding';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { MAX_FRAMES_PER_BATCH } from '@livegate/domain/processing-limits';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { frameReceived } from '@livegate/telemetry/events';
import type { Request, RequestHandler } from 'express';
import { type EnqueueDeps, enqueueBatches } from '../handlers/enqueue-batches.ts';
import { traceparentOf } from './batch-frames.ts';
import { bindToChallenge, currentChallenge } from './current-challenge.ts';
import { claimedSession, findCapture, requireOpenSession } from './find-capture.ts';

type Deps = EnqueueDeps & { db: Database; frameStore: FrameStore<Queryable>; keyRing: KeyRing };

export function receiveFrame({ db, frameStore, keyRing, ...rest }: Deps): RequestHandler {
  return async (request, response) => {
    const place = readPlace(request);
    const image = readJpeg(request);
    const found = await findCapture(db, response);
    const session = claimedSession(request);
    requireOpenSession(found, session);
    const frame = { ...place, image, fingerprint: keyRing.digest(image, keyPurpose.frameFingerprint) };
    const hint = await db
      .transaction((tx) => takeFrame(tx, { frameStore, keyRing, found, session, frame }))
      .catch((error: unknown) => {
        if (error === REPEATED) return null;
        throw error;
      });
    const { id: checkId, attempt, challenge } = found;
    frameReceived();
    if (hint) await enqueueBatches({ db, ...rest }, [hint]);
    if (challenge === 'none') return void response.status(204).end();
    const body: FrameResponse = { challenge: await currentChallenge(db, { checkId, attempt }) };
    response.json(body);
  };
}

type Frame = Place & { image: Buffer; fingerprint: Buffer };
type Taking = Pick<Deps, 'frameStore' | 'keyRing'> & { found: Check; session: Buffer; frame: Frame };

// A repeated upload changes nothing: what went before is rolled back.
const REPEATED = new Error('this place is taken');

/**
 * Stores the frame and gives the batch that is to be scored now, if any. A session is of one start of one attempt: while it is
 * the check's, what was `found` before the lock still holds.
 */
async function takeFrame(
  tx: Queryable,
  { frameStore, keyRing, found, session, frame }: Taking,
): Promise<BatchHint | null> {
  const { id: checkId, clientId, attempt, challenge } = found;
  const { seq, claimedMs, fingerprint, image } = frame;
  if (challenge === 'none' && seq >= CAPTURE_FRAMES.count) throw beyondLast(CAPTURE_FRAMES.count);
  const locked = lockCheck(tx, checkId).then((check) => requireOpenSession(check, session));
  let step: { step?: number } = {};
  if (challenge !== 'none') {
    await locked;
    step = await bindToChallenge(tx, { checkId, attempt, seq, nonce: frame.nonce });
  }
  // These leave together, without waiting for each other's answers; the lock comes first.
  const bytes = image.length;
  const [, isNew, hint] = await Promise.all([
    locked,
    insertFrame(tx, {
      checkId,
      attempt,
      seq,
      ...step,
      claimedMs,
      fingerprint,
      encoding: describeEncoding(image),
      bytes,
    }),
    batchWaitingFrames(tx, { checkId, attempt, traceparent: traceparentOf(found), most: MAX_FRAMES_PER_BATCH }),
  ]);
  if (!isNew) throw REPEATED;
  const dataKey = keyRing.unwrap(found.dataKey as Buffer, keyPurpose.frames(clientId, checkId));
  await frameStore.put(tx, { ref: { clientId, checkId, attempt, seq }, dataKey, image });
  return hint;
}

type Place = { seq: number; nonce: string; claimedMs: number | null };

function readPlace(request: Request): Place {
  const text = String(request.params.seq);
  const seq = Number(text);
  // One spelling per place: 01 is not 1.
  if (!/^(0|[1-9]\d{0,2})$/.test(text) || seq >= CHALLENGE_RULES.maxFrames) throw beyondLast(CHALLENGE_RULES.maxFrames);
  const claimed = Number(request.get(CAPTURE_HEADERS.claimedMs) ?? Number.NaN);
  return {
    seq,
    nonce: request.get(CAPTURE_HEADERS.nonce) ?? '',
    // Evidence at most, so that a strange value is no reason to refuse the frame.
    claimedMs: Number.isInteger(claimed) && Math.abs(claimed) < 2 ** 31 ? claimed : null,
  };
}

function beyondLast(count: number): CodedError {
  return new CodedError('invalid_request', `The frame's place must be from 0 to ${count - 1}.`, { field: 'seq' });
}

const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

function readJpeg(request: Request): Buffer {
  if (!Buffer.isBuffer(request.body)) {
    throw new CodedError('unsupported_media_type', 'A frame must be sent as image/jpeg.');
  }
  // The first bytes of every JPEG (SOI and the next marker); the child process that decodes it judges the rest.
  if (!request.body.subarray(0, 3).equals(JPEG_START)) {
    throw new CodedError('unreadable_image', 'The frame is not a JPEG image.');
  }
  return request.body;
}
