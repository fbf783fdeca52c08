/**
 * Evidence that frames did not come from a camera before a person: an injection attack, in the words of CEN/TS 18099. A
 * browser cannot prove a camera, so these are signals and no verdict; the client decides what they yield.
 */

import { assessEncodings } from './assess-encodings.ts';
import type { Verdict } from './verdict.ts';

/** `strong`: hardly ever seen with an honest person; only these can fail a check. */
type Signal = { strength: 'strong' | 'weak'; meaning: string };

export const RISK_SIGNALS = {
  VIRTUAL_CAMERA: {
    strength: 'strong',
    meaning: 'The camera has the name of a program that makes pictures, or of a test.',
  },
  SYNTHETIC_TRACK: {
    strength: 'strong',
    meaning: 'The video track belongs to no device: a page or an extension made it.',
  },
  AUTOMATED_BROWSER: { strength: 'strong', meaning: 'The browser says that a program controls it.' },
  SEEN_BEFORE: {
    strength: 'strong',
    meaning: 'Several frames are the same as, or look the same as, those of another check.',
  },
  IMAGE_REUSED: {
    strength: 'strong',
    meaning: 'An image is the same to the byte as one of another check of the last day, in whichever contract.',
  },
  REPEATED_FRAMES: {
    strength: 'weak',
    meaning: 'Frames of this capture are the same to the byte; a camera’s noise makes that impossible.',
  },
  TIMES_DISAGREE: {
    strength: 'weak',
    meaning: 'Frames arrived at another pace than they were taken at, as the browser says.',
  },
  TIMES_TOO_REGULAR: {
    strength: 'weak',
    meaning: 'Frames were taken at intervals more even than any browser’s timers.',
  },
  FOREIGN_ENCODER: {
    strength: 'weak',
    meaning: 'A frame was encoded in a way in which our page has no browser encode it.',
  },
  ENCODERS_DIFFER: {
    strength: 'weak',
    meaning: 'Frames of this capture were encoded in different ways, or have more sizes than a turned phone explains.',
  },
  NO_EVIDENCE: {
    strength: 'weak',
    meaning: 'The browser sent nothing about its camera: it was not our page that captured.',
  },
} as const satisfies Record<string, Signal>;

export type RiskSignal = keyof typeof RISK_SIGNALS;

/** What a client makes of strong signals: they are in the result; a person should look; the check does not pass. */
export type RiskPolicy = 'report' | 'review' | 'fail';

/** What the page says about its camera; nothing of it is stored but the signals it gives. */
export type CameraEvidence = { label: string; hasDevice: boolean; isAutomated: boolean };

const VIRTUAL =
  /\b(obs|manycam|snap camera|xsplit|droidcam|iriun|epoccam|mmhmm|virtual|fake|dummy|v4l2loopback|test)\b|fake_device|\.(mjpe?g|y4m)$/i;

/** Signals of the browser and its camera. */
export function assessCamera(evidence: CameraEvidence | null): RiskSignal[] {
  if (!evidence) return ['NO_EVIDENCE'];
  return [
    ...(VIRTUAL.test(evidence.label) ? (['VIRTUAL_CAMERA'] as const) : []),
    ...(evidence.hasDevice ? [] : (['SYNTHETIC_TRACK'] as const)),
    ...(evidence.isAutomated ? (['AUTOMATED_BROWSER'] as const) : []),
  ];
}

/** One frame: when it came, when the browser says that it was taken (milliseconds), and whether its bytes came before. */
export type FrameEvidence = {
  receivedMs: number;
  claimedMs: number | null;
  isRepeated: boolean;
  /** As `describeEncoding` tells it. */
  encoding?: string | null;
};

/** Another check's frames that are the same as three of these are no coincidence. */
const SAME_ELSEWHERE = 3;
const REPEATED = 3;
// A slow line delays frames by seconds, but over a capture it does not make them faster than they were taken.
const FASTER_THAN_TAKEN = 0.7;
const LEAST_SPAN_MS = 1_500;
// Timers of browsers are off by a millisecond or more; encoding a frame takes a few.
const LEAST_JITTER_MS = 0.6;
const LEAST_FRAMES = 8;

/**
 * What is the same elsewhere: how many frames are the same as, or look the same as, those of the one other check that has most
 * of them, and how many are the same to the byte as any of any other.
 */
export type SeenElsewhere = { alike: number; identical: number };

/** A camera's noise makes the same bytes impossible: one is enough. */
export function assessReuse({ identical }: Pick<SeenElsewhere, 'identical'>): RiskSignal[] {
  return identical > 0 ? ['IMAGE_REUSED'] : [];
}

/** Signals of the frames of a capture. */
export function assessFrames(frames: readonly FrameEvidence[], elsewhere: SeenElsewhere): RiskSignal[] {
  return [
    ...(elsewhere.alike >= SAME_ELSEWHERE ? (['SEEN_BEFORE'] as const) : []),
    ...assessReuse(elsewhere),
    ...(frames.filter(({ isRepeated }) => isRepeated).length >= REPEATED ? (['REPEATED_FRAMES'] as const) : []),
    ...assessTimes(frames),
    ...assessEncodings(frames.map(({ encoding }) => encoding ?? null)),
  ];
}

function assessTimes(frames: readonly FrameEvidence[]): RiskSignal[] {
  const timed = frames.flatMap(({ receivedMs, claimedMs }) => (claimedMs === null ? [] : [{ receivedMs, claimedMs }]));
  const [first, last] = [timed[0], timed.at(-1)];
  if (!first || !last || timed.length < LEAST_FRAMES) return [];
  const claimed = last.claimedMs - first.claimedMs;
  const arrived = last.receivedMs - first.receivedMs;
  const gaps = timed.slice(1).map((frame, index) => frame.claimedMs - (timed[index]?.claimedMs ?? 0));
  const disagrees = gaps.some((gap) => gap < 0) || (claimed > LEAST_SPAN_MS && arrived < claimed * FASTER_THAN_TAKEN);
  return [
    ...(disagrees ? (['TIMES_DISAGREE'] as const) : []),
    ...(deviation(gaps) < LEAST_JITTER_MS ? (['TIMES_TOO_REGULAR'] as const) : []),
  ];
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Whether any of them is hardly ever seen with an honest person. */
export function hasStrongSignal(signals: readonly RiskSignal[]): boolean {
  return signals.some((signal) => RISK_SIGNALS[signal].strength === 'strong');
}

/** The signals of a check, and what its client makes of them. */
export type Risk = { signals: readonly RiskSignal[]; policy: RiskPolicy };

/** A client may have strong evidence of injection fail what would have passed. */
export function withRisk(verdict: Verdict, { signals, policy }: Risk): Verdict {
  if (!verdict.passed || policy !== 'fail' || !hasStrongSignal(signals)) return verdict;
  return { ...verdict, passed: false, confidence: 0, reasons: ['INJECTION_SUSPECTED'] };
}
