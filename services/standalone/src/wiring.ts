/** All services in one process on an embedded Postgres: the one place that may import services' wiring. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig as readApiConfig } from '@livegate/api/config';
import { wireApi } from '@livegate/api/wiring';
import { openDatabase } from '@livegate/db/database';
import { migrate } from '@livegate/db/migrate';
import { readConfig as readWorkerConfig } from '@livegate/inference-worker/config';
import { wireInferenceWorker } from '@livegate/inference-worker/wiring';
import { readConfig as readLifecycleConfig } from '@livegate/lifecycle/config';
import { wireLifecycle } from '@livegate/lifecycle/wiring';
import { startLocalPostgres } from '@livegate/local-postgres/local-postgres';
import { readiness } from '@livegate/service-kit/health-server';
import type { RunningService } from '@livegate/service-kit/run-service';
import { SettingsError } from '@livegate/service-kit/settings';
import { createStopList } from '@livegate/service-kit/stop-list';
import { createLogger, type Logger } from '@livegate/telemetry/logger';
import { readConfig as readDispatcherConfig } from '@livegate/webhook-dispatcher/config';
import { wireWebhookDispatcher } from '@livegate/webhook-dispatcher/wiring';
import { banner } from './banner.ts';
import { readConfig, type StandaloneConfig, serviceEnvironment } from './config.ts';
import { ensureDevelopmentKey } from './development-key.ts';

type Environment = Readonly<Record<string, string | undefined>>;
export type RunningStandalone = RunningService & { url: string; apiKey: string | undefined; databaseUrl: string };

type Surroundings = { env: Environment; print: (text: string) => void; stopping?: AbortSignal };

/** Starts everything and prints the banner once it is ready. What a failed start had opened is closed again. */
export async function wireStandalone({ env, print, stopping }: Surroundings): Promise<RunningStandalone> {
  const config = readConfig(env);
  const logger = createLogger({ service: 'standalone', level: config.logLevel });
  const stops = createStopList((part, error) => logger.error('close_failed', { part, error }));
  try {
    await mkdir(config.dataDir, { recursive: true });
    let databaseUrl = config.databaseUrl?.reveal();
    let broken: Promise<Error> | undefined;
    if (!databaseUrl) {
      const postgres = await startLocalPostgres({ dataDir: join(config.dataDir, 'postgres') });
      // Who joined a server loses it when its owner stops.
      if (postgres.joined) throw alreadyRunning(config.dataDir, postgres.pid);
      stops.add('postgres', postgres.stop);
      // Nobody else starts it again: whoever supervises this process must.
      broken = postgres.ended.then((how) => new Error(`the embedded Postgres ended with ${how}`));
      databaseUrl = postgres.url;
    }
    const apiKey = await settleKey(config, databaseUrl, logger);
    const services = serviceEnvironment(env, { config, databaseUrl, apiKey });

    const lifecycle = await wireLifecycle({ ...readLifecycleConfig(services), healthPort: null });
    stops.add('lifecycle', lifecycle.stop);
    const dispatcher = await wireWebhookDispatcher({ ...readDispatcherConfig(services), healthPort: null });
    stops.add('webhook-dispatcher', dispatcher.stop);
    const worker = await wireInferenceWorker({ ...readWorkerConfig(services), healthPort: null });
    stops.add('inference-worker', worker.stop);
    const others = { ...lifecycle.readiness, ...dispatcher.readiness, ...worker.readiness };
    const api = await wireApi({ ...readApiConfig(services), healthPort: null }, others);
    stops.add('api', api.stop);

    await untilReady(api);
    stopping?.throwIfAborted();
    const queue = services.REDIS_URL ? 'Redis' : 'Postgres';
    print(banner({ url: api.url, apiKey, profile: worker.profile, dataDir: config.dataDir, queue }));
    return {
      url: api.url,
      apiKey,
      databaseUrl,
      readiness: api.readiness,
      ...(broken ? { broken } : {}),
      stop: stops.stop,
    };
  } catch (error) {
    await stops.stop();
    throw error;
  }
}

function alreadyRunning(dataDir: string, pid: number): SettingsError {
  return new SettingsError(
    `Livegate already runs on ${dataDir} (Postgres has process id ${pid}). Stop it first, or set another LIVEGATE_DATA_DIR.`,
  );
}

/** The key that is printed is a key that works. Only development makes one up, or takes a new one in. */
async function settleKey(config: StandaloneConfig, databaseUrl: string, logger: Logger): Promise<string | undefined> {
  const onError = (error: Error) => logger.warn('connection_lost', { error });
  const db = openDatabase({ url: databaseUrl, applicationName: 'livegate-standalone', maxConnections: 1, onError });
  try {
    await migrate(db);
    const given = config.apiKey?.reveal();
    if (config.mode === 'development') return await ensureDevelopmentKey(db, { dataDir: config.dataDir, given });
    return given;
  } finally {
    await db.close();
  }
}

// Loading the models takes a child a second or two; half a minute means that something is wrong.
const READY_LIMIT_MS = 30_000;

async function untilReady({ readiness: checks }: RunningService): Promise<void> {
  const giveUpAt = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const state = await readiness(checks);
    if (state.ready) return;
    if (performance.now() > giveUpAt)
      throw new Error(`not ready after ${READY_LIMIT_MS / 1_000} s: ${JSON.stringify(state.checks)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
