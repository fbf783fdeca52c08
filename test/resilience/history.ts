/** What the outside world did and saw, in order: one line per fact, as Jepsen keeps it (invoke, ok, fail, info). */
import { createWriteStream } from 'node:fs';

export type Entry = {
  /** `info`: no answer came, so it may have happened or not. */
  type: 'invoke' | 'ok' | 'fail' | 'info' | 'fault';
  what: string;
  op?: string;
  detail?: unknown;
};

export type History = { note(entry: Entry): void; seconds(): number; close(): Promise<void> };

/** Seconds count from the opening of the history. */
export function openHistory(path: string): History {
  const file = createWriteStream(path);
  const startedAt = performance.now();
  const seconds = () => Math.round(performance.now() - startedAt) / 1_000;
  return {
    seconds,
    note: (entry) => void file.write(`${JSON.stringify({ at: seconds(), ...entry })}\n`),
    close: () => new Promise((resolve) => file.end(resolve)),
  };
}
