/**
 * The life of a check: THE table. Postgres is seeded from the same rows (a test compares them), SQL derives its
 * `from` states from it, and a trigger refuses whatever is not in it, whichever process tries.
 */

/** Every state with what it means, who moves a check out of it, and what may be deleted. */
export const CHECK_STATES = {
  pending: 'Created, the capture has not started. The api starts it; lifecycle expires it. Nothing to delete yet.',
  in_progress:
    'Capture or scoring is under way. Lifecycle decides, fails or expires it (an instant check: its worker). Frames are kept.',
  complete:
    'A verdict was reached, passed or not. Terminal. Probe and audit images go after the image retention, all other frames at once.',
  expired: 'The link ran out before a submission was accepted. Terminal. Frames go at once.',
  failed:
    'No verdict could be reached: attempts used up, deadline, processing error. Terminal, never passed. Frames go at once.',
} as const;

export type CheckState = keyof typeof CHECK_STATES;

export const TERMINAL_STATES = ['complete', 'expired', 'failed'] as const satisfies readonly CheckState[];
export type TerminalState = (typeof TERMINAL_STATES)[number];

/** Rows: from-state and event decide the to-state. */
export const CHECK_TRANSITIONS = [
  { from: 'pending', event: 'start', to: 'in_progress' },
  { from: 'in_progress', event: 'verdict', to: 'complete' },
  { from: 'in_progress', event: 'fail', to: 'failed' },
  { from: 'pending', event: 'expire', to: 'expired' },
  { from: 'in_progress', event: 'expire', to: 'expired' },
] as const satisfies readonly { from: CheckState; event: string; to: CheckState }[];

export type CheckEvent = (typeof CHECK_TRANSITIONS)[number]['event'];

/** The state a check is born in, by kind: a hosted check waits for a person, an instant one is already being scored. */
export const BIRTH_STATE = { hosted: 'pending', instant: 'in_progress' } as const satisfies Record<string, CheckState>;
export type CheckKind = keyof typeof BIRTH_STATE;

/** The states from which `event` may move a check. */
export function statesBefore(event: CheckEvent): CheckState[] {
  return CHECK_TRANSITIONS.filter((row) => row.event === event).map((row) => row.from);
}

/** The one state `event` leads to. */
export function stateAfter(event: CheckEvent): CheckState {
  const row = CHECK_TRANSITIONS.find((candidate) => candidate.event === event);
  if (!row) throw new TypeError(`no transition is named ${event}`);
  return row.to;
}

export function isTerminal(state: CheckState): state is TerminalState {
  return (TERMINAL_STATES as readonly CheckState[]).includes(state);
}
