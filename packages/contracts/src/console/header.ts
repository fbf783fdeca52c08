/** Apart from the schemas, so that the page can know it without their library. */

/**
 * Every request of the console carries it, which no form and no other site can send unasked. `present`: the person did
 * something within the last minute; `away`: the page asks by itself, and the session goes on to its idle end.
 */
export const CONSOLE_HEADER = 'X-Livegate-Console';
