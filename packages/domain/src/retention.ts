/** How long things are kept: THE table. The vendor documents promise the images' time; the rest is ours. */

const MINUTE = 60;
const DAY = 86_400;

type Rule = {
  /** Seconds it is kept unless the client asks for less, or for more up to `most`. */
  seconds: number;
  most: number;
  /** From when the time runs. */
  from: 'verdict' | 'end';
  holds: string;
};

/** Minutes after completion during which probe and audit images can be read (GlobalData: "around 30 minutes"). */
export const IMAGE_RETENTION_MINUTES = 30;

/** Days after an event during which it can be told again, its secret is kept, and what receivers answered can be read. */
export const REPLAY_WINDOW_DAYS = 30;

export const RETENTION = {
  frames: { seconds: 0, most: 0, from: 'verdict', holds: 'every captured image that is neither probe nor audit image' },
  probe: {
    seconds: IMAGE_RETENTION_MINUTES * MINUTE,
    most: IMAGE_RETENTION_MINUTES * MINUTE,
    from: 'verdict',
    holds: 'the one image that shows what the verdict rests on',
  },
  audit_images: {
    seconds: IMAGE_RETENTION_MINUTES * MINUTE,
    most: IMAGE_RETENTION_MINUTES * MINUTE,
    from: 'verdict',
    holds: 'up to four further images, when they were asked for',
  },
  scores: {
    seconds: 30 * DAY,
    most: 365 * DAY,
    from: 'end',
    holds: 'per frame: score, reasons, face boxes, hash; until the images are gone at the least',
  },
  delivery_log: {
    seconds: REPLAY_WINDOW_DAYS * DAY,
    most: 365 * DAY,
    from: 'end',
    holds: `webhook attempts; what receivers answered ends after ${REPLAY_WINDOW_DAYS} days in any case`,
  },
  verdict: {
    seconds: 365 * DAY,
    most: 3_650 * DAY,
    from: 'end',
    holds: 'the check: result, reasons, times, addresses it told, its event and its receipt',
  },
  erasures: {
    seconds: 30 * DAY,
    most: 365 * DAY,
    from: 'end',
    holds: 'that a person was erased: a keyed hash of whom, when, how many checks went',
  },
} as const satisfies Record<string, Rule>;

export type Artefact = keyof typeof RETENTION;
export const ARTEFACTS = Object.keys(RETENTION) as Artefact[];

/** Seconds by which a data key must outlive the deadline of what it is needed for: scoring and deciding take their time. */
export const DATA_KEY_SLACK_SECONDS = 10;
