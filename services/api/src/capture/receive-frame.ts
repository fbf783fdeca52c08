/** `PUT …/frames/<seq>`: stores one frame, sealed, and puts what has arrived into a batch while the capture goes on. */
import { CAPTURE_FRAMES } from '@livegate/contracts/capture';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { type Check, lockCheck } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import { type BatchHint, countOpenBatches } from '@livegate/db/frame-batches';
import { countFrames, insertFrame } from '@livegate/db/frames';
import { CodedError } from '@livegate/domain/errors';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { MAX_FRAMES_PER_BATCH } from '@livegate/domain/processing-limits';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { frameReceived } from '@livegate/telemetry/events';
import type { Request, RequestHandler } from 'express';
import { type EnqueueDeps, enqueueBatches } from '../handlers/enqueue-batches.ts';
import { batchFrames } from './batch-frames.ts';
import { claimedSession, findCapture, requireOpenSession } from './find-capture.ts';

type Deps = EnqueueDeps & { db: Database; frameStore: FrameStore<Queryable>; keyRing: KeyRing };

export function receiveFrame({ db, frameStore, keyRing, ...rest }: Deps): RequestHandler {
  return async (request, response) => {
    const seq = readSequence(request);
    const image = readJpeg(request);
    const { id: checkId } = await findCapture(db, request, response);
    const hints = await db.transaction(async (tx) => {
      const check = await lockCheck(tx, checkId);
      requireOpenSession(check, claimedSession(request));
      const { attempt, clientId, dataKey } = check as Check & { dataKey: Buffer };
      if (!(await insertFrame(tx, { checkId, attempt, seq, bytes: image.length }))) return [];
      const key = keyRing.unwrap(dataKey, keyPurpose.frames(clientId, checkId));
      await frameStore.put(tx, { ref: { clientId, checkId, attempt, seq }, dataKey: key, image });
      return batchWhatWaits(tx, check);
    });
    frameReceived();
    await enqueueBatches({ db, ...rest }, hints);
    response.status(204).end();
  };
}

/** One batch is out at a time, so that batches grow with the load; but no more frames wait than a batch holds. */
async function batchWhatWaits(tx: Queryable, check: Check): Promise<BatchHint[]> {
  const attempt = { checkId: check.id, attempt: check.attempt };
  const { unbatched } = await countFrames(tx, attempt);
  const open = await countOpenBatches(tx, attempt);
  return open === 0 || unbatched >= MAX_FRAMES_PER_BATCH ? batchFrames(tx, check) : [];
}

function readSequence(request: Request): number {
  const text = String(request.params.seq);
  const seq = Number(text);
  // One spelling per place: 01 is not 1.
  if (/^(0|[1-9]\d?)$/.test(text) && seq < CAPTURE_FRAMES.count) return seq;
  throw new CodedError('invalid_request', `The frame's place must be from 0 to ${CAPTURE_FRAMES.count - 1}.`, {
    field: 'seq',
  });
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
