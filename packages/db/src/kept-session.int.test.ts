import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { startTcpFaultProxy } from '@livegate/test-kit/tcp-fault-proxy';
import { afterAll, beforeEach, describe, it } from 'vitest';
import { holdPresence, LIVING_DISPATCHERS } from './dispatcher-presence.ts';
import { CHANNELS, listen } from './notifications.ts';

const { db, url } = await cloneDatabase();
const proxy = await startTcpFaultProxy(Number(new URL(url).port));
afterAll(proxy.close);
const throughProxy = new URL(url);
throughProxy.host = `127.0.0.1:${proxy.port}`;

const errors: string[] = [];
const options = {
  url: throughProxy.href,
  heartbeat: { everyMs: 20, answerMs: 500 },
  onError: (error: Error) => errors.push(error.message),
};
beforeEach(() => {
  errors.length = 0;
});
/** The host is gone without a word, until the loss was noticed; what connects then finds another. */
const vanish = async () => {
  proxy.behave({ kind: 'black-hole' });
  await eventually(() => errors.some((message) => message.includes('did not answer')));
  proxy.behave({ kind: 'none' });
};

describe('listen', () => {
  it('hears again after Postgres vanished without a word', async () => {
    let heard = 0;
    const listener = listen({
      ...options,
      channel: CHANNELS.deliveryDue,
      onNotification: () => {
        heard += 1;
      },
    });
    const hears = () => {
      const before = heard;
      return eventually(async () => {
        await db.query('select pg_notify($1, $2)', [CHANNELS.deliveryDue, '']);
        return heard > before;
      });
    };
    await hears();
    await vanish();
    await hears();
    await listener.close();
  });

  it('closes while Postgres is gone', async () => {
    proxy.behave({ kind: 'black-hole' });
    const listener = listen({ ...options, channel: CHANNELS.deliveryDue, onNotification: () => undefined });
    await eventually(() => proxy.connections() > 0);
    await listener.close();
    proxy.behave({ kind: 'none' });
  });
});

describe('holdPresence', () => {
  const sessionsOf = async (id: number): Promise<number[]> =>
    (await db.query(`select pid from pg_locks where locktype = 'advisory' and objid = $1 and granted`, [id])).rows.map(
      ({ pid }) => pid,
    );
  const lives = async (id: number) => (await db.query(LIVING_DISPATCHERS)).rows.some((living) => living.id === id);

  it('is held again after Postgres vanished without a word', async () => {
    const presence = await holdPresence(options);
    const [lost] = await sessionsOf(presence.id);
    await vanish();
    await eventually(async () => {
      const held = await sessionsOf(presence.id);
      return held.length === 1 && held[0] !== lost && lives(presence.id);
    });
    await presence.close();
  });

  it('is held again while Postgres takes the lost session for alive', async () => {
    const presence = await holdPresence(options);
    const [lost] = await sessionsOf(presence.id);
    await db.transaction(async (zombie) => {
      await zombie.query(
        `select pg_advisory_xact_lock_shared(classid::bigint::int, objid::bigint::int) from pg_locks where pid = $1
            and locktype = 'advisory'`,
        [lost],
      );
      await db.query('select pg_terminate_backend($1)', [lost]);
      await eventually(async () => (await sessionsOf(presence.id)).filter((pid) => pid !== lost).length === 2);
    });
    await presence.close();
  });
});
