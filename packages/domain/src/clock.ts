/** Time is passed in, so that a test owns it. Whatever decides a check's fate uses the database's clock, not this one. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };
