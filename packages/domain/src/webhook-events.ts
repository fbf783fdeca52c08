/** What receivers are told of a check: how it ended, always, and on request how far its person has got. */
import { TERMINAL_STATES } from './check-state.ts';

/**
 * Steps of a hosted check, each told once, and only to endpoints that name it: the page was asked for (by the person, or by
 * whatever looks at links in messages), the capture began, the person left by the page's way out.
 */
export const STEP_EVENTS = ['opened', 'in_progress', 'cancelled'] as const;
export type StepEvent = (typeof STEP_EVENTS)[number];

export const EVENT_TYPES = [...TERMINAL_STATES, ...STEP_EVENTS] as const;
export type EventType = (typeof EVENT_TYPES)[number];
