/** What a faulty or outdated copy of a service would do: the system must refuse it, or not mind. */
import { openProducer } from '@livegate/queues/producer';
import type { Cluster } from './cluster.ts';
import type { Heal } from './fault.ts';

/** A second relay: every recent batch once more, in no order, under its present and its former generation. */
export async function publishAgain(cluster: Cluster): Promise<Heal> {
  const { rows } = await cluster
    .db()
    .query(`select id, generation from frame_batches order by md5(id || clock_timestamp()::text) limit 40`);
  const backend =
    cluster.redis === null
      ? ({ kind: 'postgres', url: cluster.rogueUrl() } as const)
      : ({ kind: 'redis', url: `redis://127.0.0.1:${cluster.redis.port}` } as const);
  const producer = await openProducer({ backend, onError: () => undefined });
  try {
    for (const { id, generation } of rows)
      for (const each of generation > 1 ? [generation, generation - 1] : [generation])
        await producer.enqueue('inference', { batchId: id, generation: each }).catch(() => undefined);
  } finally {
    await producer.close();
  }
  return () => undefined;
}

/** A second lifecycle that does not look: tells of an ended check again, and ends it otherwise. Postgres must refuse both. */
export async function endAgain(cluster: Cluster): Promise<Heal> {
  const db = cluster.db();
  const { rows } = await db.query(
    `select check_id from events where terminal order by md5(check_id || clock_timestamp()::text) limit 5`,
  );
  for (const { check_id } of rows) {
    await db
      .query(
        `insert into events (id, check_id, client_id, type, terminal, sequence, body)
         select id || '-again', check_id, client_id, type, true, 2, body from events where check_id = $1 and terminal`,
        [check_id],
      )
      .catch(() => undefined);
    await db
      .query(`update checks set state = 'failed', passed = null where id = $1 and state <> 'failed'`, [check_id])
      .catch(() => undefined);
  }
  return () => undefined;
}
