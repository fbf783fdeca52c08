/** Refuses a second host where BullMQ runs on Postgres: its locks trust the clock of whoever takes them. */
import type { Queryable } from './database.ts';
import { announceHost, withdrawHost } from './service-hosts.ts';

const ANNOUNCE_EVERY_MS = 20_000;

type Options = { db: Queryable; host: string; service: string; onError: (error: Error) => void };

/** Throws when another host runs services now; else announces this one until closed. */
export async function guardSingleHost({ db, ...presence }: Options): Promise<{ close(): Promise<void> }> {
  const others = await announceHost(db, presence);
  if (others.length > 0) {
    await withdrawHost(db, presence);
    throw new Error(
      `Livegate already runs on ${others.join(', ')}. Several hosts need Redis for the queue: set REDIS_URL on all of them.`,
    );
  }
  const timer = setInterval(() => void announceHost(db, presence).catch(presence.onError), ANNOUNCE_EVERY_MS);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await withdrawHost(db, presence);
    },
  };
}
