/** The browser's capture protocol: what the hosted page and the api say to each other under `/c/<secret>`. */
import { CHALLENGE_RULES, CHALLENGES, PROMPTS } from '@livegate/domain/challenge';
import { z } from 'zod';

/** What a capture takes: eight frames over about two seconds, at least 640x480 where the camera offers it. */
export const CAPTURE_FRAMES = { count: 8, interval_ms: 250, min_width: 640, min_height: 480 } as const;

/** Bytes of one frame at the most. The page aims at half of it; a pathological picture may need the slack. */
export const MAX_FRAME_BYTES = 1_000_000;

export const captureStatus = z.object({
  state: z.enum(['open', 'processing', 'retry', 'done', 'failed', 'expired']),
  attempt: z.number().int(),
  attempts_allowed: z.number().int(),
  /** Why the last attempt did not count: a reason's code, and words in English for a page that does not know it. */
  reason: z.string().nullable(),
  words: z.string().nullable(),
  redirect_url: z.string().nullable(),
  frames: z.object({
    count: z.number().int(),
    interval_ms: z.number().int(),
    min_width: z.number().int(),
    min_height: z.number().int(),
  }),
  client_name: z.string().nullable(),
  challenge: z.enum(CHALLENGES),
  /** The person agreed before, in this browser: they need not again. */
  consented: z.boolean(),
  /** Another browser started the capture; it cannot go on in this one. */
  elsewhere: z.boolean(),
  /** Where the page finds a face detector for its hints; null where none is installed. */
  detector_url: z.string().nullable(),
  /** The capture can go on in another browser: links are https. */
  can_hand_off: z.boolean(),
  /**
   * To the browser that offered the capture to another: `waiting` for it, `expired` (nobody came), `taken`, `capturing`
   * (pictures come, or are judged: it cannot be taken back). To the one that took it: `here`. Null to all others.
   */
  handoff: z.enum(['waiting', 'expired', 'taken', 'capturing', 'here']).nullable(),
  /** The client's logo, and the one for dark pages where it has another; null: none. */
  logo_url: z.string().nullable(),
  dark_logo_url: z.string().nullable(),
  /** Sites that may show the page in a frame: it speaks to no other. */
  frame_origins: z.array(z.string()),
});
export type CaptureStatus = z.infer<typeof captureStatus>;

/**
 * The step a person is asked for now. Frames carry its nonce; `state` is `open` while the sequence goes on, then `over`:
 * nothing more to do but to finish. It says nothing of how well it went.
 */
export const challengeView = z
  .object({
    step: z.number().int().meta({ description: 'From 0.' }),
    of: z.number().int(),
    prompt: z.enum(PROMPTS).meta({ description: "The person's own left or right; `center`: into the camera." }),
    nonce: z.string().meta({ description: 'Goes with every frame of this step, as `X-Challenge-Nonce`.' }),
    state: z
      .enum(['open', 'over'])
      .meta({ description: '`over`: nothing more to do but to finish. Says nothing of how well it went.' }),
    frame_interval_ms: z.number().int().meta({
      description: 'From one frame to the next; longer while many wait to be scored, so that prompts do not come late.',
    }),
    remaining_ms: z.number().int().meta({ description: "Until the step's deadline." }),
  })
  .meta({ id: 'Challenge', description: 'The step that the person is asked for now.' });
export type ChallengeView = z.infer<typeof challengeView>;

/** The answer to a frame of a capture with a challenge. Without one it is 204. */
export const frameResponse = z.object({ challenge: challengeView }).meta({ id: 'FrameAccepted' });
export type FrameResponse = z.infer<typeof frameResponse>;

/** Headers of a frame: the session, and with a challenge the nonce of the step and the browser's own time. */
export const CAPTURE_HEADERS = {
  session: 'x-capture-session',
  nonce: 'x-challenge-nonce',
  claimedMs: 'x-frame-time',
  /** `1` from a page that is shown in a frame: its cookie has to work there. */
  framed: 'x-capture-framed',
  /** From such a page: a secret of its own, by which its browser is known where cookies are not kept in frames. */
  browser: 'x-capture-browser',
} as const;

/** What the person agreed to: the version of the text and the language they read it in. */
const consent = z
  .strictObject({
    version: z.string().regex(/^[\w.-]{1,20}$/, 'must be a version'),
    locale: z.string().regex(/^[A-Za-z0-9-]{2,20}$/, 'must be a language tag'),
  })
  .meta({ id: 'Consent', description: 'What the person agreed to, and in which language.' });

export const startRequest = z.strictObject({ consent: consent.optional() });
export const startResponse = captureStatus
  .pick({ attempt: true, frames: true })
  .extend({ session: z.string(), challenge: challengeView.nullable() });
export type StartResponse = z.infer<typeof startResponse>;

export const finishResponse = z.object({ state: z.literal('processing') }).meta({ id: 'CaptureAccepted' });

/** What the browser says of its camera; it proves nothing, but what contradicts itself is a signal. */
const cameraEvidence = z
  .strictObject({
    label: z.string().max(200),
    has_device: z.boolean(),
    automated: z.boolean(),
  })
  .meta({ id: 'CameraEvidence' });

export const finishRequest = z.strictObject({
  frames: z.number().int().min(1).max(CHALLENGE_RULES.maxFrames),
  camera: cameraEvidence.optional(),
});
export type FinishRequest = z.infer<typeof finishRequest>;

/** Why a person leaves without a submission; ends no check. */
export const abandonRequest = z.strictObject({ error: z.enum(['cancelled', 'camera_denied']) });

export const abandonResponse = z.object({ redirect_url: z.string().nullable() }).meta({ id: 'CaptureLeft' });

/** The person cannot turn their head: the check goes on without, or they are sent back. */
export const alternativeRequest = z.strictObject({});

export const alternativeResponse = z
  .object({
    /** False: the person is to be sent to `redirect_url`. */
    continues: z.boolean(),
    redirect_url: z.string().nullable(),
  })
  .meta({ id: 'CaptureAlternative' });
export type AlternativeResponse = z.infer<typeof alternativeResponse>;

/** The person wants to go on in another browser, as on their phone. */
export const handoffRequest = z.strictObject({});

export const handoffOffer = z
  .object({
    /** The page's address with the one-time token after the `#`. */
    url: z.string(),
    expires_in_ms: z.number().int(),
  })
  .meta({ id: 'HandoffOffer' });
export type HandoffOffer = z.infer<typeof handoffOffer>;

/** This browser has the token of the offer. */
export const takeHandoffRequest = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9]{1,64}$/, 'must be a token') });

/** The browser that offered wants it back. */
export const takeBackRequest = z.strictObject({});
