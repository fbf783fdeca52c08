/** The browser's capture protocol: what the hosted page and the api say to each other under `/c/<secret>`. */
import { z } from 'zod';

/** What a capture takes: eight frames over about two seconds, at least 640x480 where the camera offers it. */
export const CAPTURE_FRAMES = { count: 8, interval_ms: 250, min_width: 640, min_height: 480 } as const;

/** Bytes of one frame at the most. The page aims at half of it; a pathological picture may need the slack. */
export const MAX_FRAME_BYTES = 1_000_000;

export const captureStatus = z.object({
  state: z.enum(['open', 'processing', 'retry', 'done', 'failed', 'expired']),
  attempt: z.number().int(),
  attempts_allowed: z.number().int(),
  words: z.string().nullable(),
  redirect_url: z.string().nullable(),
  frames: z.object({
    count: z.number().int(),
    interval_ms: z.number().int(),
    min_width: z.number().int(),
    min_height: z.number().int(),
  }),
  client_name: z.string().nullable(),
});
export type CaptureStatus = z.infer<typeof captureStatus>;

export const startRequest = z.strictObject({});
export const startResponse = captureStatus.pick({ attempt: true, frames: true }).extend({ session: z.string() });
export type StartResponse = z.infer<typeof startResponse>;

export const finishResponse = z.object({ state: z.literal('processing') }).meta({ id: 'CaptureAccepted' });

export const finishRequest = z.strictObject({ frames: z.number().int().min(1).max(CAPTURE_FRAMES.count) });

/** Why a person leaves without a submission; ends no check. */
export const abandonRequest = z.strictObject({ error: z.enum(['cancelled', 'camera_denied']) });

export const abandonResponse = z.object({ redirect_url: z.string().nullable() }).meta({ id: 'CaptureLeft' });
