/** Several of every service as processes of their own, on one Postgres and one Redis, the apis behind a balancer. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '@livegate/crypto/api-key';
import { type Database, openDatabase } from '@livegate/db/database';
import { migrate } from '@livegate/db/migrate';
import { startLocalPostgres } from '@livegate/local-postgres/local-postgres';
import { eventually } from '@livegate/test-kit/eventually';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { lastingPort } from '../../resilience/lasting-port.ts';
import { startRedis } from '../../resilience/redis-server.ts';
import { type SupervisedProcess, superviseProcess } from '../../resilience/supervised-process.ts';
import { isReady, type ServiceName } from '../system/launch-system.ts';
import { type Balancer, startBalancer } from './balancer.ts';

export type Member = SupervisedProcess & { service: ServiceName; port: number; ready(): Promise<void> };

export type Fleet = {
  url: string;
  apiKey: string;
  db: Database;
  balancer: Balancer;
  members: Member[];
  workers: Member[];
  /** One after the other, each only when the one before is ready again; an api leaves the rotation first. */
  restartAll(): Promise<void>;
  stop(): Promise<void>;
};

const READY_WITHIN_MS = 60_000;

export async function startFleet({ profile, workers }: { profile: string; workers: number }): Promise<Fleet> {
  const directory = await mkdtemp(join(tmpdir(), 'livegate-fleet-'));
  const closers: (() => Promise<unknown> | unknown)[] = [() => rm(directory, { recursive: true, force: true })];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const postgres = await startLocalPostgres({ dataDir: join(directory, 'postgres') });
    closers.push(postgres.stop);
    const db = openDatabase({ url: postgres.url, applicationName: 'scale-out', onError: () => undefined });
    closers.push(db.close);
    await migrate(db);
    await mkdir(join(directory, 'redis'));
    const redis = await startRedis({
      port: await lastingPort(),
      dir: join(directory, 'redis'),
      logFile: join(directory, 'redis.log'),
    });
    closers.push(redis.stop);

    const apiPorts = [await lastingPort(), await lastingPort()];
    const balancer = await startBalancer(apiPorts);
    closers.push(balancer.close);
    const url = `http://127.0.0.1:${balancer.port}`;
    const apiKey = newApiKey('live');
    const settings = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      LIVEGATE_MODE: 'development',
      LIVEGATE_API_KEY: apiKey,
      LIVEGATE_PUBLIC_URL: url,
      LIVEGATE_KEY_DIR: join(directory, 'keys'),
      LIVEGATE_DATA_DIR: join(directory, 'data'),
      LIVEGATE_MODELS_DIR: join(repositoryRoot, '.models'),
      LIVEGATE_MODEL_PROFILE: profile,
      LIVEGATE_CHILDREN: '1',
      DATABASE_URL: postgres.url,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    };
    const launch = async (service: ServiceName, place: number): Promise<Member> => {
      const healthPort = await lastingPort();
      const port = service === 'api' ? (apiPorts[place] as number) : healthPort;
      const id = `${service}-${place + 1}`;
      const env = { ...settings, LIVEGATE_PORT: String(port), LIVEGATE_HEALTH_PORT: String(healthPort) };
      const supervised = superviseProcess({
        id,
        launch: () => ({
          command: process.execPath,
          words: ['--import', '@livegate/telemetry/register', `services/${service}/dist/main.js`],
          env,
        }),
        logFile: join(directory, `${id}.log`),
        cwd: repositoryRoot,
        onEnd: () => undefined,
      });
      closers.push(supervised.stop);
      return {
        ...supervised,
        service,
        port,
        ready: () => eventually(() => isReady(healthPort), { withinMs: READY_WITHIN_MS }),
      };
    };
    const members: Member[] = [];
    const wishes: [ServiceName, number][] = [
      ['api', 2],
      ['lifecycle', 2],
      ['webhook-dispatcher', 2],
      ['inference-worker', workers],
    ];
    for (const [service, count] of wishes) {
      for (let place = 0; place < count; place += 1) members.push(await launch(service, place));
    }
    for (const member of members) await member.ready();

    const restart = async (member: Member) => {
      if (member.service === 'api') await balancer.takeOut(member.port);
      const before = member.starts();
      await member.restart();
      await eventually(() => {
        if (member.starts() === before) throw new Error(`${member.id} is down`);
      });
      await member.ready();
      if (member.service === 'api') balancer.putIn(member.port);
    };
    return {
      url,
      apiKey,
      db,
      balancer,
      members,
      workers: members.filter(({ service }) => service === 'inference-worker'),
      restartAll: async () => {
        for (const member of members) await restart(member);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
