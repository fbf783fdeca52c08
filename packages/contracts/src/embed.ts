/**
 * What the capture page, shown in a frame, and the site around it say to each other by `postMessage`. None of it carries the
 * verdict: a page can be made to say anything, so the integrator's backend asks the server.
 */
import { z } from 'zod';

/** Raised when a message changes its meaning; a side ignores what it does not know. */
export const EMBED_VERSION = 1;

/** What the page shows, as in its `<body data-state>`, while the capture goes on. */
export const EMBED_STEPS = ['consent', 'permission', 'ready', 'capturing', 'sending'] as const;

/** Why the page has nothing more to show: it went to its end, the person left, or no end can be reached. */
export const EMBED_CLOSINGS = ['finished', 'cancelled', 'camera_denied', 'over'] as const;

/** What stopped the page; its words for the person are its own. */
export const EMBED_ERRORS = [
  'camera_denied',
  'camera_unanswered',
  'camera_missing',
  'camera_busy',
  'camera_lost',
  'camera_silent',
  'camera_unsupported',
  'in_app_browser',
  'page_hidden',
  'unreachable',
  'server_fault',
  'unreadable_image',
  'too_few_frames',
  'capture_superseded',
  'capture_elsewhere',
  'handoff_over',
  'too_many_failures',
  'challenge_too_late',
  'capture_closed',
  'check_expired',
  'check_failed',
  'unknown_link',
  'cancelled',
] as const;

const envelope = { source: z.literal('livegate'), version: z.literal(EMBED_VERSION) };

/** From the site to the page, when the frame has loaded: the page answers to the origin that this came from. */
export const embedHello = z.strictObject({ ...envelope, type: z.literal('hello') });
export type EmbedHello = z.infer<typeof embedHello>;

/** From the page to the site. */
export const embedMessage = z.discriminatedUnion('type', [
  // The page is there and speaks to this origin: always the first.
  z.strictObject({ ...envelope, type: z.literal('ready') }),
  z.strictObject({ ...envelope, type: z.literal('step'), step: z.enum(EMBED_STEPS) }),
  // Nothing more is needed of the person, whatever the outcome.
  z.strictObject({ ...envelope, type: z.literal('done') }),
  z.strictObject({ ...envelope, type: z.literal('closed'), reason: z.enum(EMBED_CLOSINGS) }),
  // `may_retry`: the page offers the person to try again.
  z.strictObject({ ...envelope, type: z.literal('error'), code: z.enum(EMBED_ERRORS), may_retry: z.boolean() }),
]);
export type EmbedMessage = z.infer<typeof embedMessage>;
