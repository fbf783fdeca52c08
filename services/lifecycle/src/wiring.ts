/** Lifecycle's parts, in the order in which they open. */
import { hostname } from 'node:os';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { afterCommit, openDatabase, ping } from '@livegate/db/database';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { keyDirectoryRecord } from '@livegate/db/key-directory';
import { migrate } from '@livegate/db/migrate';
import { CHANNELS, listen } from '@livegate/db/notifications';
import { assumeServiceRole } from '@livegate/db/service-roles';
import { guardSingleHost } from '@livegate/db/single-host';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { openFrames } from '@livegate/frame-store/open-frames';
import { chooseBackend } from '@livegate/queues/connection';
import { openProducer } from '@livegate/queues/producer';
import { refuseUnsafeQueue } from '@livegate/queues/queue-probe';
import { startHealthServer } from '@livegate/service-kit/health-server';
import type { RunningService } from '@livegate/service-kit/run-service';
import { closeOnFailure, createStopList } from '@livegate/service-kit/stop-list';
import { createLogger } from '@livegate/telemetry/logger';
import type { LifecycleConfig } from './config.ts';
import { decideCheck } from './decide-check.ts';
import { runSweeps } from './run-sweeps.ts';

export async function wireLifecycle(config: LifecycleConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'lifecycle', level: config.logLevel });
  const onError = (error: Error) => logger.warn('connection_lost', { error });
  const stops = createStopList((part, error) => logger.error('close_failed', { part, error }));
  return closeOnFailure(stops, async () => {
    const databaseUrl = config.databaseUrl.reveal();

    const db = openDatabase({ url: databaseUrl, applicationName: 'livegate-lifecycle', onError });
    stops.add('database', db.close);
    await migrate(db);
    await assumeServiceRole(db, 'lifecycle');
    const keyRing = await openKeyRing({ dir: config.keyDir, record: keyDirectoryRecord(db) });

    const backend = chooseBackend({ redisUrl: config.redisUrl?.reveal(), databaseUrl });
    if (config.mode === 'production' && backend.kind === 'postgres') {
      const guard = await guardSingleHost({ db, host: hostname(), service: 'lifecycle', onError });
      stops.add('host', guard.close);
    }
    await refuseUnsafeQueue(backend, { mode: config.mode, onError });
    const producer = await openProducer({ backend, onError });
    stops.add('producer', producer.close);

    const frameStore = encryptFrames(
      await openFrames({
        url: config.frameStoreUrl,
        db,
        blobs: { insertFrameBlob, findFrameBlob, deleteFrameBlobs },
        afterCommit,
      }),
    );
    const deps = { db, frameStore, keyRing, producer, logger };
    const sweeps = runSweeps(deps);
    stops.add('sweeps', sweeps.close);
    const listener = listen({
      url: databaseUrl,
      channel: CHANNELS.submissionScored,
      // The sweep decides what fails here.
      onNotification: (checkId) =>
        void decideCheck(deps, checkId).catch((error: Error) => logger.warn('decide_failed', { error })),
      onError,
    });
    stops.add('listener', listener.close);

    const readiness = { database: () => ping(db) };
    if (config.healthPort !== null) {
      const health = await startHealthServer({ host: config.host, port: config.healthPort, checks: readiness });
      stops.add('health server', health.close);
    }
    logger.info('started');
    return { readiness, stop: stops.stop };
  });
}
