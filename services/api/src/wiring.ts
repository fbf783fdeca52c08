/** The api's parts, in the order in which they open. The only place of this service that constructs things. */
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { afterCommit, openDatabase, ping } from '@livegate/db/database';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { keyDirectoryRecord } from '@livegate/db/key-directory';
import { migrate } from '@livegate/db/migrate';
import { assumeServiceRole } from '@livegate/db/service-roles';
import { guardSingleHost } from '@livegate/db/single-host';
import { createEgress } from '@livegate/egress/fetch-public';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { openFrames } from '@livegate/frame-store/open-frames';
import { chooseBackend } from '@livegate/queues/connection';
import { openProducer } from '@livegate/queues/producer';
import { openQueueBoard } from '@livegate/queues/queue-board';
import { refuseUnsafeQueue } from '@livegate/queues/queue-probe';
import { type ReadinessChecks, startHealthServer } from '@livegate/service-kit/health-server';
import type { RunningService } from '@livegate/service-kit/run-service';
import { SettingsError } from '@livegate/service-kit/settings';
import { closeOnFailure, createStopList } from '@livegate/service-kit/stop-list';
import { createLogger } from '@livegate/telemetry/logger';
import { createApp } from './app.ts';
import type { ApiConfig } from './config.ts';
import { ensureDefaultClient, refuseDevelopmentKey } from './default-client.ts';
import { readTlsPair } from './http/tls-pair.ts';
import { createAdmission } from './instant/admission.ts';
import { openOutcomeWaiter } from './instant/outcome-waiter.ts';

/** `url`: base of the links given out; `listensAt`: where this process is reached, which differs behind a proxy. */
export type RunningApi = RunningService & { url: string; listensAt: string };

// Few and short: whoever looks on takes nothing from those who ask for checks.
const CONSOLE_DATABASE = { applicationName: 'livegate-console', maxConnections: 4, statementTimeoutMs: 3_000 };

/** `alsoRequired`: checks of services that share this process, so that one `/readyz` speaks for all. */
export async function wireApi(config: ApiConfig, alsoRequired: ReadinessChecks = {}): Promise<RunningApi> {
  const logger = createLogger({ service: 'api', level: config.logLevel });
  const onError = (error: Error) => logger.warn('connection_lost', { error });
  const stops = createStopList((part, error) => logger.error('close_failed', { part, error }));
  return closeOnFailure(stops, async () => {
    const databaseUrl = config.databaseUrl.reveal();
    const { tlsCertPath: certPath, tlsKeyPath: keyPath, publicUrl } = config;
    const tls = await readTlsPair({ certPath, keyPath, publicUrl });
    if (tls && tls.validUntil < new Date()) logger.warn('certificate_expired', { since: tls.validUntil.toISOString() });

    const db = openDatabase({ url: databaseUrl, applicationName: 'livegate-api', maxConnections: 20, onError });
    stops.add('database', db.close);
    await migrate(db);
    if (config.mode === 'production') await refuseDevelopmentKey(db, config.dataDir);
    await ensureDefaultClient(db, { apiKey: config.apiKey, logger });
    await assumeServiceRole(db, 'api');
    const keyRing = await openKeyRing({ dir: config.keyDir, record: keyDirectoryRecord(db) });

    const consoleDb = config.hasConsole ? openDatabase({ ...CONSOLE_DATABASE, url: databaseUrl, onError }) : null;
    if (consoleDb) {
      stops.add('console database', consoleDb.close);
      await assumeServiceRole(consoleDb, 'console');
    }

    const backend = chooseBackend({ redisUrl: config.redisUrl?.reveal(), databaseUrl });
    if (config.mode === 'production' && backend.kind === 'postgres') {
      const guard = await guardSingleHost({ db, host: hostname(), service: 'api', onError });
      stops.add('host', guard.close);
    }
    await refuseUnsafeQueue(backend, { mode: config.mode, onError });
    const producer = await openProducer({ backend, onError });
    stops.add('producer', producer.close);

    const outcomes = openOutcomeWaiter({ databaseUrl, db, onError });
    stops.add('outcome waiter', outcomes.close);
    const admission = createAdmission(db);
    const egress = createEgress({ mode: config.mode });
    const frameStore = encryptFrames(
      await openFrames({
        url: config.frameStoreUrl,
        db,
        blobs: { insertFrameBlob, findFrameBlob, deleteFrameBlobs },
        afterCommit,
      }),
    );
    const openBoard =
      backend.kind === 'redis'
        ? async () => {
            const board = await openQueueBoard(backend, onError);
            stops.add('queue board', board.close);
            return board;
          }
        : null;
    let url = config.publicUrl ?? '';
    let draining = false;
    const readinessChecks = {
      ...alsoRequired,
      database: () => ping(db),
      draining: async () => {
        if (draining) throw new Error('stopping');
      },
    };
    const app = await createApp({
      ...config,
      db,
      frameStore,
      keyRing,
      producer,
      egress,
      admission,
      outcomes,
      logger,
      publicUrl: () => url,
      readinessChecks,
      console: consoleDb && { consoleDb, traceUrl: config.traceUrl, openBoard },
    });

    // Node's own limits leave slow clients 60 and 300 s. A body must come on all the time (require-progress); a minute is
    // what the largest frame takes at 17 KB a second.
    const limits = {
      headersTimeout: 5_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1_000,
    };
    const server = tls
      ? createTlsServer({ ...limits, handshakeTimeout: 10_000, cert: tls.cert, key: tls.key }, app)
      : createServer(limits, app);
    server.maxHeadersCount = 64;
    // Node would ask for every announced body at once; a route asks for it when it knows the caller.
    server.on('checkContinue', (request, response) => server.emit('request', request, response));
    await listenOrExplain(server, config);
    const listensAt = `${tls ? 'https' : 'http'}://${printableHost(config.host)}:${(server.address() as AddressInfo).port}`;
    url ||= listensAt;
    stops.add('http server', () => {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // What is left of the ten seconds of a drain closes the rest.
      const limit = setTimeout(() => server.closeAllConnections(), 8_000);
      return closed.finally(() => clearTimeout(limit));
    });
    if (config.healthPort !== null) {
      const health = await startHealthServer({ host: config.host, port: config.healthPort, checks: readinessChecks });
      stops.add('health server', health.close);
    }

    logger.info('started', { url });
    return { url, listensAt, readiness: readinessChecks, stop: stops.stop };
  });
}

// A wildcard address cannot be opened by a browser, and an IPv6 literal needs its brackets.
function printableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function listenOrExplain(server: Server, { port, host }: Pick<ApiConfig, 'port' | 'host'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(
        inUse
          ? new SettingsError(`LIVEGATE_PORT ${port} is in use on ${host}: stop what listens there, or choose another.`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}
