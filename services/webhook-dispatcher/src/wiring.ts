/** The dispatcher's parts, in the order in which they open. */
import { openKeyRing } from '@livegate/crypto/key-ring';
import { openDatabase, ping } from '@livegate/db/database';
import { holdPresence } from '@livegate/db/dispatcher-presence';
import { keyDirectoryRecord } from '@livegate/db/key-directory';
import { migrate } from '@livegate/db/migrate';
import { CHANNELS, listen } from '@livegate/db/notifications';
import { assumeServiceRole } from '@livegate/db/service-roles';
import { systemClock } from '@livegate/domain/clock';
import { createEgress } from '@livegate/egress/fetch-public';
import { startHealthServer } from '@livegate/service-kit/health-server';
import type { RunningService } from '@livegate/service-kit/run-service';
import { closeOnFailure, createStopList } from '@livegate/service-kit/stop-list';
import { createLogger } from '@livegate/telemetry/logger';
import type { WebhookDispatcherConfig } from './config.ts';
import { startDispatchLoop } from './dispatch-loop.ts';
import { createAttemptRecorder } from './record-attempts.ts';

export async function wireWebhookDispatcher(config: WebhookDispatcherConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'webhook-dispatcher', level: config.logLevel });
  const onError = (error: Error) => logger.warn('connection_lost', { error });
  const stops = createStopList((part, error) => logger.error('close_failed', { part, error }));
  return closeOnFailure(stops, async () => {
    const databaseUrl = config.databaseUrl.reveal();

    const db = openDatabase({ url: databaseUrl, applicationName: 'livegate-webhook-dispatcher', onError });
    stops.add('database', db.close);
    await migrate(db);
    await assumeServiceRole(db, 'webhook-dispatcher');
    const keyRing = await openKeyRing({ dir: config.keyDir, record: keyDirectoryRecord(db) });
    const egress = createEgress({ mode: config.mode, keepAlive: true });
    stops.add('egress', egress.close);

    const presence = await holdPresence({ url: databaseUrl, onError });
    stops.add('presence', presence.close);
    const recorder = createAttemptRecorder({ db, logger });
    const loop = startDispatchLoop({
      db,
      dispatcher: presence.id,
      recorder,
      egress,
      keyRing,
      clock: systemClock,
      random: Math.random,
      logger,
    });
    stops.add('dispatch loop', loop.close);
    const listener = listen({ url: databaseUrl, channel: CHANNELS.deliveryDue, onNotification: loop.wake, onError });
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
