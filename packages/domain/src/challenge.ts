/** What the end user is asked to do while frames are taken. */
export const CHALLENGES = ['none', 'turn'] as const;
export type Challenge = (typeof CHALLENGES)[number];
