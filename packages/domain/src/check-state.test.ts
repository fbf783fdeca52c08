import { describe, expect, it } from 'vitest';
import {
  CHECK_STATES,
  CHECK_TRANSITIONS,
  isTerminal,
  stateAfter,
  statesBefore,
  TERMINAL_STATES,
} from './check-state.ts';

describe('the life of a check', () => {
  it('never leaves a terminal state', () => {
    for (const { from } of CHECK_TRANSITIONS) expect(isTerminal(from)).toBe(false);
  });

  it('gives every open state a way to every fitting end', () => {
    expect(statesBefore('expire')).toEqual(['pending', 'in_progress']);
    expect(statesBefore('fail')).toEqual(['in_progress']);
    expect(statesBefore('start')).toEqual(['pending']);
  });

  it('leads each event to one state', () => {
    for (const { event, to } of CHECK_TRANSITIONS) expect(stateAfter(event)).toBe(to);
  });

  it('knows no event that is not in the table', () => {
    expect(() => stateAfter('cancel' as never)).toThrow(new TypeError('no transition is named cancel'));
  });

  it('reaches every state, and only states it describes', () => {
    const reached = new Set<string>(['pending', ...CHECK_TRANSITIONS.map(({ to }) => to)]);
    expect([...reached].sort()).toEqual(Object.keys(CHECK_STATES).sort());
    expect(TERMINAL_STATES.every((state) => state in CHECK_STATES)).toBe(true);
  });

  it('derives the event from the pair of states: no two events share one', () => {
    const pairs = CHECK_TRANSITIONS.map(({ from, to }) => `${from}>${to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });
});
