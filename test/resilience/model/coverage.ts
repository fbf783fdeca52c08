/** What a run of the model has to have reached to count: the transition table, every refusal, every end. */
import { CHECK_STATES, CHECK_TRANSITIONS, type CheckEvent, type CheckState } from '@livegate/domain/check-state';

export type Coverage = Set<string>;

/** An event that was tried in a state, and whether it moved the check. */
export function coverageKey(state: CheckState, event: CheckEvent, outcome: 'moved' | 'stayed'): string {
  return `${state} ${event} ${outcome}`;
}

const STATES = Object.keys(CHECK_STATES) as CheckState[];
const EVENTS = [...new Set(CHECK_TRANSITIONS.map(({ event }) => event))] as CheckEvent[];
const REFUSALS = ['check_expired', 'capture_closed', 'capture_superseded', 'too_few_frames'];
const ENDS = [
  ...['pending', 'in_progress', 'expired', 'passed with its image', 'not passed with its image'],
  ...['attempts_exhausted', 'processing_error', 'deadline'],
];

/** Each legal pair of state and event moved a check, each other pair was tried and moved none; each refusal and end was heard. */
export const EVERYTHING: readonly string[] = [
  ...STATES.flatMap((state) =>
    EVENTS.map((event) => {
      const isLegal = CHECK_TRANSITIONS.some((row) => row.from === state && row.event === event);
      return coverageKey(state, event, isLegal ? 'moved' : 'stayed');
    }),
  ),
  ...REFUSALS.map((code) => `refused ${code}`),
  ...ENDS.map((end) => `told ${end}`),
  'used every attempt',
  ...['replayed an event', 'found no event to replay', 'rotated with overlap', 'rotated at once'],
];
