/**
 * NOTIFY wakes, it never carries truth: the listener re-reads rows, and a sweep or a re-read is always the safety net
 * behind it.
 */
import type { Queryable } from './database.ts';
import { type Heartbeat, keepSession } from './kept-session.ts';

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
  heartbeat?: Heartbeat;
  onNotification: (payload: string) => void;
  onError: (error: Error) => void;
};

const RECONNECT_MS = 1_000;

/** A dedicated connection that listens and reconnects for ever (every second) until closed. */
export function listen({ url, channel, heartbeat, onNotification, onError }: ListenOptions): {
  close(): Promise<void>;
} {
  const session = keepSession({
    url,
    applicationName: 'livegate-listen',
    reconnectMs: RECONNECT_MS,
    heartbeat,
    begin: (client) => {
      client.on('notification', (message) => onNotification(message.payload ?? ''));
      return client.query(`listen ${channel}`);
    },
    onError,
  });
  session.begun.catch(onError);
  return { close: session.close };
}
