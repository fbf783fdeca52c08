/** The inference worker's parts, in the order in which they open. */
import { hostname } from 'node:os';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { openDatabase, ping } from '@livegate/db/database';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { migrate } from '@livegate/db/migrate';
import { assumeServiceRole } from '@livegate/db/service-roles';
import { guardSingleHost } from '@livegate/db/single-host';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { resolveProfile } from '@livegate/inference/profiles';
import { chooseBackend } from '@livegate/queues/connection';
import { consume } from '@livegate/queues/consumer';
import { startHealthServer } from '@livegate/service-kit/health-server';
import type { RunningService } from '@livegate/service-kit/run-service';
import { closeOnFailure, createStopList } from '@livegate/service-kit/stop-list';
import { createLogger } from '@livegate/telemetry/logger';
import type { InferenceWorkerConfig } from './config.ts';
import { openInferencePool } from './inference-pool.ts';
import { runInference } from './run-inference.ts';

export type RunningInferenceWorker = RunningService & { profile: 'baseline' | 'recommended' };

export async function wireInferenceWorker(config: InferenceWorkerConfig): Promise<RunningInferenceWorker> {
  const logger = createLogger({ service: 'inference-worker', level: config.logLevel });
  const onError = (error: Error) => logger.warn('connection_lost', { error });
  const stops = createStopList((part, error) => logger.error('close_failed', { part, error }));
  return closeOnFailure(stops, async () => {
    const databaseUrl = config.databaseUrl.reveal();

    const { name: profile, ...files } = await resolveProfile({ setting: config.profile, modelsDir: config.modelsDir });
    const models = [...files.models, files.landmarks].map(({ id, sha256 }) => ({ id, sha256 }));
    const db = openDatabase({ url: databaseUrl, applicationName: 'livegate-inference-worker', onError });
    stops.add('database', db.close);
    await migrate(db);
    await assumeServiceRole(db, 'inference-worker');
    const keyRing = await openKeyRing({ dir: config.keyDir });

    const backend = chooseBackend({ redisUrl: config.redisUrl?.reveal(), databaseUrl });
    if (config.mode === 'production' && backend.kind === 'postgres') {
      const guard = await guardSingleHost({ db, host: hostname(), service: 'inference-worker', onError });
      stops.add('host', guard.close);
    }
    const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
    const pool = openInferencePool({
      size: config.children,
      settings: { profile, modelsDir: config.modelsDir },
      limitMs: PROCESSING_LIMITS.inferenceSeconds * 1_000,
      onChildLost: (why) => logger.warn('child_lost', { why }),
    });
    stops.add('inference pool', pool.close);

    const consumer = consume({
      backend,
      name: 'inference',
      // A claimed batch's lease runs: what no child can take yet stays in the queue.
      concurrency: config.children,
      handle: (payload) => runInference({ db, frameStore, keyRing, pool, profile, models, logger }, payload),
      onError,
    });
    stops.add('consumer', consumer.close);

    const readiness = { database: () => ping(db), models: pool.requireReady };
    if (config.healthPort !== null) {
      const health = await startHealthServer({ host: config.host, port: config.healthPort, checks: readiness });
      stops.add('health server', health.close);
    }
    logger.info('started', { profile, children: config.children });
    return { profile, readiness, stop: stops.stop };
  });
}
