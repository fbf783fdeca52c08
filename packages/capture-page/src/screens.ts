import type { ChallengeStep } from './challenge-step.ts';
import type { CheckStatus } from './check-status.ts';
import { type Messages, RETRY_REASONS } from './messages/messages.ts';
import { TROUBLES, type TroubleCode } from './trouble.ts';

/** The page's states, as told to the outside in `<body data-state>`. */
type PageState = 'consent' | 'permission' | 'ready' | 'capturing' | 'sending' | 'handoff' | 'done' | 'failed';

/** The troubles after which only the way back is left. */
export type OverCode = 'check_failed' | 'check_expired' | 'cancelled';

/** One screen as data: what it says and which controls it has. */
export type Screen = {
  state: PageState;
  title: string;
  words: string;
  points?: readonly string[];
  primary?: string;
  secondary?: string;
  /** A quiet way out beside the two controls. */
  extra?: string;
  /** Going on with the phone. */
  phone?: string;
  // Words that need attention, such as why the last attempt did not count.
  isNotice?: boolean;
  // Read out at once by screen readers: the person has seconds to act.
  isUrgent?: boolean;
};

/** Every screen of the page, in the words of one locale. */
export function createScreens(messages: Messages) {
  return {
    consent: (status: { clientName: string | null }, { canHandOff = false } = {}): Screen => ({
      ...messages.consent,
      state: 'consent',
      words: status.clientName ? messages.consent.wordsFrom(status.clientName) : messages.consent.words,
      ...phoneOf(canHandOff, messages),
    }),
    permission: (): Screen => ({ ...messages.permission, state: 'permission' }),
    ready: (status: Retry & { isChallenged: boolean }, { canHandOff = false } = {}): Screen => {
      const notice = noticeOf(status, messages);
      return {
        ...messages.ready,
        state: 'ready',
        words: notice ?? messages.ready.words,
        isNotice: notice !== null,
        ...waysOutOf(status.isChallenged, messages),
        ...phoneOf(canHandOff, messages),
      };
    },
    /** Until the server has said what it wants. */
    starting: ({ isChallenged }: { isChallenged: boolean }): Screen => ({
      ...messages.loading,
      state: 'capturing',
      ...waysOutOf(isChallenged, messages),
    }),
    capturing: (): Screen => ({ ...messages.capturing, state: 'capturing', ...waysOutOf(false, messages) }),
    turning: ({ prompt, isOver }: ChallengeStep): Screen => ({
      ...(isOver ? messages.loading : { ...messages.prompts[prompt], ...waysOutOf(true, messages) }),
      state: 'capturing',
      isUrgent: true,
    }),
    sending: (): Screen => ({ ...messages.sending, state: 'sending' }),
    sendingSlowly: (percent: number): Screen => ({
      ...messages.sending,
      state: 'sending',
      // With nothing or all of it there, a number says nothing.
      words: percent % 100 === 0 ? messages.sending.slow : `${messages.sending.slow} ${messages.sending.sent(percent)}`,
    }),
    /** What the computer shows while the phone is to go on. */
    handoff: (how: 'waiting' | 'taken' | 'capturing' | 'expired'): Screen => ({
      ...messages.handoff[how],
      state: 'handoff',
      ...(how === 'expired' ? { primary: messages.handoff.again } : {}),
      ...(how === 'capturing' ? {} : { secondary: messages.handoff.stay }),
    }),
    /** On a phone that took the check from a computer: that is where the person goes back to. */
    doneHere: (): Screen => ({ state: 'done', title: messages.done.title, words: messages.handoff.done }),
    done: (redirectUrl: string | null): Screen => ({
      state: 'done',
      title: messages.done.title,
      words: redirectUrl ? messages.done.returning : messages.done.words,
      ...(redirectUrl ? { primary: messages.done.primary } : {}),
    }),
    stillWorking: (): Screen => ({ state: 'done', title: messages.done.title, words: messages.done.stillWorking }),
    /** Nothing is left to do here but to go back. */
    over: (code: OverCode, hasWayOut: boolean): Screen => ({
      ...messages.troubles[code],
      state: 'failed',
      ...(hasWayOut ? { primary: messages.failed.leave } : {}),
    }),
    failed: (code: TroubleCode, { canHandOff = false } = {}): Screen => ({
      ...messages.troubles[code],
      state: 'failed',
      ...failedControls(code, messages),
      ...phoneOf(canHandOff && TROUBLES[code].again === 'capture', messages),
    }),
  };
}

/** Out of a capture, before it and while it goes on. */
function waysOutOf(isChallenged: boolean, messages: Messages): { secondary: string; extra?: string } {
  return { secondary: messages.ready.secondary, ...(isChallenged ? { extra: messages.cannotTurn } : {}) };
}

function phoneOf(isOffered: boolean, messages: Messages): { phone?: string } {
  return isOffered ? { phone: messages.handoff.offer } : {};
}

type Retry = Pick<CheckStatus, 'reason' | 'words' | 'attempt' | 'attemptsAllowed'>;

/** Why the last attempt did not count, in the person's language where it is known, and how many there are. */
function noticeOf({ reason, words, attempt, attemptsAllowed }: Retry, messages: Messages): string | null {
  const known = RETRY_REASONS.find((candidate) => candidate === reason);
  const why = known ? messages.reasons[known] : words;
  return why && `${why} ${messages.attempt(attempt, attemptsAllowed)}`;
}

/** What the controls of a failed screen do. */
export type FailedControls = { primary: 'again' | 'back' | null; secondary: 'back' | null };

/** Trying again is offered where it can help, going back wherever the check is still open. */
export function failedControlsOf(code: TroubleCode): FailedControls {
  if (code === 'camera_unsupported') return { primary: 'back', secondary: null };
  const { again } = TROUBLES[code];
  if (again === 'nothing') return { primary: null, secondary: null };
  return { primary: 'again', secondary: again === 'capture' ? 'back' : null };
}

function failedControls(code: TroubleCode, messages: Messages): { primary?: string; secondary?: string } {
  const controls = failedControlsOf(code);
  const labels = { again: messages.failed.tryAgain, back: messages.failed.goBack };
  return {
    ...(controls.primary ? { primary: labels[controls.primary] } : {}),
    ...(controls.secondary ? { secondary: labels[controls.secondary] } : {}),
  };
}
