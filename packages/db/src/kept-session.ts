/**
 * A session of its own with Postgres that is opened anew whenever it is lost, for what lives only as long as its session: a
 * subscription, a lock. A host that vanishes says nothing, so the session is asked for a sign of life again and again.
 */
import { setTimeout as pause, setImmediate as unreadRead } from 'node:timers/promises';
import pg from 'pg';

export type Heartbeat = {
  /** Milliseconds from one answer to the next question. */
  everyMs: number;
  /** Milliseconds within which Postgres has to answer, and a new session has to stand. */
  answerMs: number;
};

/** A lost host is noticed within 10 s: a pool takes 15, so that a dispatcher lives again before it claims again. */
const HEARTBEAT: Heartbeat = { everyMs: 5_000, answerMs: 5_000 };

type Options = {
  url: string;
  applicationName: string;
  reconnectMs: number;
  heartbeat?: Heartbeat | undefined;
  /** What the session is for; done again in each new one. */
  begin: (session: pg.Client) => Promise<unknown>;
  onError: (error: Error) => void;
};

export type KeptSession = {
  /** Rejects when the first try fails; the tries go on until it is closed. */
  begun: Promise<void>;
  close(): Promise<void>;
};

export function keepSession({
  url,
  applicationName,
  reconnectMs,
  heartbeat: { everyMs, answerMs } = HEARTBEAT,
  begin,
  onError,
}: Options): KeptSession {
  let closed = false;
  let session: pg.Client;
  let timer: NodeJS.Timeout | undefined;

  const open = async () => {
    const opening = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: answerMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: everyMs,
    });
    session = opening;
    opening.on('error', onError);
    opening.once('end', () => {
      clearTimeout(timer);
      if (!closed) timer = setTimeout(() => void open().catch(onError), reconnectMs);
    });
    try {
      await opening.connect();
      await answerWithin(answerMs, begin(opening));
      beatLater(opening);
    } catch (error) {
      opening.connection.stream.destroy();
      throw error;
    }
  };
  const beatLater = (beating: pg.Client) => {
    if (!closed && beating === session) timer = setTimeout(() => void beat(beating), everyMs);
  };
  const beat = async (beating: pg.Client) => {
    try {
      await answerWithin(answerMs, beating.query('select 1'));
      beatLater(beating);
    } catch (error) {
      beating.connection.stream.destroy(error as Error);
    }
  };

  return {
    begun: open(),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      // One that hears nothing cannot be taken leave of.
      await answerWithin(answerMs, session.end()).catch(() => session.connection.stream.destroy());
    },
  };
}

async function answerWithin<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const patience = new AbortController();
  const limit = async (): Promise<never> => {
    await pause(limitMs, undefined, patience);
    // After a halt of this process the answer may lie there unread: the next turn reads it first.
    await unreadRead();
    throw new Error(`Postgres did not answer within ${limitMs} ms`);
  };
  try {
    return await Promise.race([answer, limit()]);
  } finally {
    patience.abort();
  }
}
