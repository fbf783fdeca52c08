/** The inference worker's parts, in the order in which they open. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { afterCommit, openDatabase, ping } from '@livegate/db/database';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { keyDirectoryRecord } from '@livegate/db/key-directory';
import { migrate } from '@livegate/db/migrate';
import { recordModelSet } from '@livegate/db/model-sets';
import { assumeServiceRole } from '@livegate/db/service-roles';
import { guardSingleHost } from '@livegate/db/single-host';
import { randomAlphanumeric } from '@livegate/domain/ids';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { openFrames } from '@livegate/frame-store/open-frames';
import { loadManifest } from '@livegate/inference/manifest';
import { describeModelSet } from '@livegate/inference/model-set';
import { resolveProfile } from '@livegate/inference/profiles';
import { probeProvider } from '@livegate/inference/provider';
import { chooseBackend } from '@livegate/queues/connection';
import { consume } from '@livegate/queues/consumer';
import { openProducer } from '@livegate/queues/producer';
import { openQueueProbe, refuseUnsafeQueue } from '@livegate/queues/queue-probe';
import { startHealthServer } from '@livegate/service-kit/health-server';
import type { RunningService } from '@livegate/service-kit/run-service';
import { closeOnFailure, createStopList } from '@livegate/service-kit/stop-list';
import { childLost } from '@livegate/telemetry/events';
import { createLogger } from '@livegate/telemetry/logger';
import { startCanary } from './canary.ts';
import type { InferenceWorkerConfig } from './config.ts';
import { openInferencePool } from './inference-pool.ts';
import { runInference } from './run-inference.ts';
import { watchClock } from './watch-clock.ts';

export type RunningInferenceWorker = RunningService & { profile: 'baseline' | 'recommended' };

export async function wireInferenceWorker(config: InferenceWorkerConfig): Promise<RunningInferenceWorker> {
  const logger = createLogger({ service: 'inference-worker', level: config.logLevel });
  const onError = (error: Error) => logger.warn('connection_lost', { error });
  const stops = createStopList((part, error) => logger.error('close_failed', { part, error }));
  return closeOnFailure(stops, async () => {
    const databaseUrl = config.databaseUrl.reveal();

    const { profile: setting, modelsDir, manifest, provider, observesHeads } = config;
    const resolved = await resolveProfile({ setting, modelsDir, manifest: await loadManifest(manifest ?? undefined) });
    const { name: profile } = resolved;
    await probeProvider(provider, await readFile(resolved.landmarks.file));
    const db = openDatabase({ url: databaseUrl, applicationName: 'livegate-inference-worker', onError });
    stops.add('database', db.close);
    await migrate(db);
    await assumeServiceRole(db, 'inference-worker');
    const modelSet = describeModelSet(resolved);
    await recordModelSet(db, modelSet);
    const keyRing = await openKeyRing({ dir: config.keyDir, record: keyDirectoryRecord(db) });

    const backend = chooseBackend({ redisUrl: config.redisUrl?.reveal(), databaseUrl });
    if (config.mode === 'production' && backend.kind === 'postgres') {
      const guard = await guardSingleHost({ db, host: hostname(), service: 'inference-worker', onError });
      stops.add('host', guard.close);
    }
    await refuseUnsafeQueue(backend, { mode: config.mode, onError });
    const frameStore = encryptFrames(
      await openFrames({
        url: config.frameStoreUrl,
        db,
        blobs: { insertFrameBlob, findFrameBlob, deleteFrameBlobs },
        afterCommit,
      }),
    );
    const pool = openInferencePool({
      size: config.children,
      tasksPerChild: config.tasksPerChild,
      settings: { profile, modelsDir, manifest, provider, observesHeads },
      limitMs: PROCESSING_LIMITS.inferenceSeconds * 1_000,
      onChildLost: (why) => {
        childLost();
        logger.warn('child_lost', { why });
      },
    });
    stops.add('inference pool', pool.close);

    const producer = await openProducer({ backend, onError });
    stops.add('producer', producer.close);
    const worker = `${hostname()
      .replace(/[^A-Za-z0-9]/g, '-')
      .slice(0, 40)}-${randomAlphanumeric(12)}`;
    const canary = startCanary({ worker, producer, pool, onError });
    stops.add('canary', canary.close);

    const clock = watchClock({ db, logger });
    stops.add('clock watch', clock.close);

    const deps = { db, frameStore, keyRing, pool, profile, modelSet: modelSet.digest, logger };
    const consumer = await consume({
      backend,
      name: 'inference',
      // A claimed batch's lease runs: what no child can take yet stays in the queue.
      concurrency: config.children * config.tasksPerChild,
      handle: async (payload) => {
        if ('canary' in payload) await canary.score();
        else await runInference(deps, payload);
        canary.sing();
      },
      onError,
    });
    stops.add('consumer', consumer.close);

    const readiness = { database: () => ping(db), models: pool.requireReady };
    if (config.healthPort !== null) {
      const probe = openQueueProbe(backend, onError);
      stops.add('queue probe', probe.close);
      // Only its own health server speaks of the queue: an api that shares the process can still accept and answer.
      const checks = { ...readiness, queue: probe.ping, canary: canary.requireAlive };
      const health = await startHealthServer({ host: config.host, port: config.healthPort, checks });
      stops.add('health server', health.close);
    }
    logger.info('started', { profile, provider, modelSet: modelSet.digest, children: config.children });
    return { profile, readiness, stop: stops.stop };
  });
}
