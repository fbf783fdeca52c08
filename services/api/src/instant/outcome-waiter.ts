/**
 * Waits for instant checks to end: woken by NOTIFY, with a re-read of what is still waited for every 250 ms behind it, on
 * one connection for all requests.
 */
import type { Queryable } from '@livegate/db/database';
import { listEnded } from '@livegate/db/instant-checks';
import { CHANNELS, listen } from '@livegate/db/notifications';

export type OutcomeWaiter = {
  /** True when the check has ended, false when `signal` fired first. Call it before the check can end. */
  wait(checkId: string, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
};

const REREAD_EVERY_MS = 250;

type Options = { databaseUrl: string; db: Queryable; onError: (error: Error) => void };

export function openOutcomeWaiter({ databaseUrl, db, onError }: Options): OutcomeWaiter {
  const waiting = new Map<string, () => void>();
  const end = (checkId: string) => waiting.get(checkId)?.();
  const listener = listen({ url: databaseUrl, channel: CHANNELS.instantEnded, onNotification: end, onError });
  const timer = setInterval(() => {
    if (waiting.size === 0) return;
    listEnded(db, [...waiting.keys()]).then((ended) => ended.forEach(end), onError);
  }, REREAD_EVERY_MS);
  return {
    wait: (checkId, signal) =>
      new Promise((resolve) => {
        const settle = (ended: boolean) => {
          waiting.delete(checkId);
          signal.removeEventListener('abort', giveUp);
          resolve(ended);
        };
        const giveUp = () => settle(false);
        waiting.set(checkId, () => settle(true));
        signal.addEventListener('abort', giveUp);
        if (signal.aborted) giveUp();
      }),
    close: async () => {
      clearInterval(timer);
      await listener.close();
    },
  };
}
