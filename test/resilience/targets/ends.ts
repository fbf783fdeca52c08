/** How soon ends come about, and how soon they are told. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@livegate/test-kit/eventually';
import type { Created } from '@livegate/test-kit/integrator';
import type { Bench } from './bench.ts';

const CHECKS = 100;
const QUEUED = 500;

/** From a link's end to that of its check, the latest of a hundred. */
export async function expiryDelay(bench: Bench): Promise<number> {
  const checks = await bench.created(Array.from({ length: CHECKS }, () => bench.cluster.webhookUrl));
  await expire(bench, checks);
  const { rows } = await bench.cluster
    .db()
    .query(
      `select extract(epoch from max(finished_at - link_expires_at))::float8 as seconds from checks where token = any($1)`,
      [tokensOf(checks)],
    );
  return rows[0].seconds;
}

/** From the end of a check to the first attempt to tell of it, p95 of a hundred that end together. */
export async function firstAttemptDelay(bench: Bench): Promise<number> {
  const checks = await bench.created(Array.from({ length: CHECKS }, () => bench.cluster.webhookUrl));
  await expire(bench, checks);
  return delayOfFirstAttempts(bench, checks);
}

/** The same for a hundred origins of a client that has five hundred events queued for one that hangs. */
export async function firstAttemptDelayBesideOneThatHangs(bench: Bench): Promise<number> {
  const servers: Server[] = [];
  const listening = async (listener: RequestListener) => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  try {
    const hanging = await listening(() => undefined);
    const healthy: string[] = [];
    for (let count = 0; count < CHECKS; count += 1) healthy.push(await listening((_, response) => void response.end()));
    const queued = await bench.created(Array.from({ length: QUEUED }, () => hanging));
    const told = await bench.created(healthy);
    await expire(bench, queued);
    await expire(bench, told);
    return await delayOfFirstAttempts(bench, told);
  } finally {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

const tokensOf = (checks: readonly Created[]) => checks.map(({ token }) => token);

/** Lets their links end now, and waits for the checks to. */
async function expire({ cluster }: Bench, checks: readonly Created[]): Promise<void> {
  const tokens = tokensOf(checks);
  await cluster.db().query('update checks set link_expires_at = now() where token = any($1)', [tokens]);
  await eventually(async () => {
    const { rowCount } = await cluster
      .db()
      .query('select from checks where token = any($1) and finished_at is null limit 1', [tokens]);
    return rowCount === 0;
  });
}

async function delayOfFirstAttempts({ cluster }: Bench, checks: readonly Created[]): Promise<number> {
  return eventually(async () => {
    const { rows } = await cluster.db().query(
      `select count(*)::int as told,
              percentile_disc(0.95) within group (order by extract(epoch from attempt.started_at - event.created_at))::float8 as p95
         from checks join events event on event.check_id = checks.id join deliveries delivery on delivery.event_id = event.id
              join delivery_attempts attempt on attempt.delivery_id = delivery.id and attempt.attempt = 1
        where checks.token = any($1)`,
      [tokensOf(checks)],
    );
    if (rows[0].told < checks.length) throw new Error(`${rows[0].told} of ${checks.length} were told`);
    return rows[0].p95;
  });
}
