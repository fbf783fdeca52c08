/**
 * NOTIFY wakes, it never carries truth: the listener re-reads rows, and a sweep or a re-read is always the safety net
 * behind it.
 */
import pg from 'pg';
import type { Queryable } from './database.ts';

export const CHANNELS = {
  submissionScored: 'livegate_submission_scored',
  deliveryDue: 'livegate_delivery_due',
  instantEnded: 'livegate_instant_ended',
} as const;
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS];

/** Wakes the listeners of `channel` when the surrounding transaction commits. `payload` is an id, never data. */
export async function notify(db: Queryable, channel: Channel, payload = ''): Promise<void> {
  await db.query('select pg_notify($1, $2)', [channel, payload]);
}

type ListenOptions = {
  url: string;
  channel: Channel;
  onNotification: (payload: string) => void;
  onError: (error: Error) => void;
};

/** A dedicated connection that listens and reconnects for ever (every second) until closed. */
export function listen({ url, channel, onNotification, onError }: ListenOptions): { close(): Promise<void> } {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const reconnect = () => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, 1_000);
  };
  const connect = async () => {
    const next = new pg.Client({ connectionString: url, application_name: 'livegate-listen', keepAlive: true });
    client = next;
    next.on('error', onError);
    next.on('end', reconnect);
    next.on('notification', (message) => onNotification(message.payload ?? ''));
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
    } catch (error) {
      onError(error as Error);
      await next.end().catch(() => undefined);
      reconnect();
    }
  };
  void connect();

  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
