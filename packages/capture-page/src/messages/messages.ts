import type { Prompt } from '../challenge-step.ts';
import type { Hint } from '../guidance.ts';
import type { TroubleCode } from '../trouble.ts';

type Words = { title: string; words: string };

/** Why an attempt did not count, as far as a person can do something about it: codes of the server's table of reasons. */
export const RETRY_REASONS = [
  'NO_FACE',
  'MULTIPLE_FACES',
  'FACE_TOO_SMALL',
  'FACE_TOO_LARGE',
  'FACE_CUT_OFF',
  'TOO_DARK',
  'TOO_BRIGHT',
  'BLURRED',
  'TURNED_AWAY',
  'FACE_COVERED',
  'LOW_RESOLUTION',
  'TOO_FEW_FRAMES',
  'CHALLENGE_NOT_FOLLOWED',
  'CHALLENGE_TOO_LATE',
  'FACE_CHANGED',
] as const;
type RetryReason = (typeof RETRY_REASONS)[number];

/** The shape every locale fills: a missing word is a compile error, never an empty screen. */
export type Messages = {
  pageTitle: string;
  noScript: string;
  loading: Words;
  consent: Words & {
    /** `name` is the integrator's. */
    wordsFrom: (name: string) => string;
    points: readonly string[];
    primary: string;
    secondary: string;
  };
  permission: Words;
  ready: Words & { primary: string; secondary: string };
  capturing: Words;
  prompts: Record<Prompt, Words>;
  /** What to change before pictures are taken; said one at a time. */
  hints: Record<Hint, string>;
  sending: Words & {
    slow: string;
    /** `percent` of the pictures have arrived. */
    sent: (percent: number) => string;
    /** Of the bar, for those who do not see it. */
    bar: string;
  };
  done: Words & { returning: string; stillWorking: string; primary: string };
  failed: { tryAgain: string; goBack: string; leave: string };
  troubles: Record<TroubleCode, Words>;
  reasons: Record<RetryReason, string>;
  attempt: (number: number, of: number) => string;
  offline: string;
  /** The label of the list of cameras, and of one without a name. */
  camera: { label: string; unnamed: (number: number) => string };
  cannotTurn: string;
  /** Going on with the phone; what the computer shows meanwhile, and what the phone says at the end. */
  handoff: {
    offer: string;
    waiting: Words;
    taken: Words;
    capturing: Words;
    expired: Words;
    stay: string;
    again: string;
    /** Of the picture, for those who do not see it; of the address beside it; of its button. */
    code: string;
    address: string;
    copy: string;
    copied: string;
    done: string;
  };
  /** The switch for prompts that are spoken. */
  readAloud: string;
};
