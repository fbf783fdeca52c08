import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { newWebhookSecret } from '@livegate/crypto/webhook-signature';
import { CHANNELS, notify } from '@livegate/db/notifications';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { aClient } from '@livegate/test-kit/builders';
import { someDeliveries } from '@livegate/test-kit/deliveries';
import { eventually } from '@livegate/test-kit/eventually';
import { freePort } from '@livegate/test-kit/global-setup';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { startService } from '@livegate/test-kit/processes';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { afterAll, describe, expect, it } from 'vitest';

describe('a dispatcher with an attempt in hand', async () => {
  const { db, url } = await cloneDatabase();
  const keyDir = await mkdtemp(join(tmpdir(), 'livegate-dispatcher-'));
  const keyRing = await openKeyRing({ dir: keyDir });
  const held: ServerResponse[] = [];
  const receiver = await startWebhookReceiver((_request, response) => void held.push(response));
  afterAll(async () => {
    await receiver.close();
    await rm(keyDir, { recursive: true, force: true });
  });

  const startDispatcher = async () => {
    const healthPort = String(await freePort());
    const dispatcher = startService('webhook-dispatcher', {
      DATABASE_URL: url,
      LIVEGATE_MODE: 'development',
      LIVEGATE_KEY_DIR: keyDir,
      LIVEGATE_LOG_LEVEL: 'silent',
      LIVEGATE_HEALTH_PORT: healthPort,
    });
    await eventually(async () => (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status === 200, {
      withinMs: 60_000,
    });
    return dispatcher;
  };
  const tell = async () => {
    held.length = 0;
    receiver.received.length = 0;
    const clientId = await aClient(db);
    const [id] = await someDeliveries(db, {
      clientId,
      url: receiver.url,
      wrap: (checkId) => keyRing.wrap(Buffer.from(newWebhookSecret()), keyPurpose.webhookSecret(clientId, checkId)),
    });
    await notify(db, CHANNELS.deliveryDue);
    await eventually(() => held.length === 1);
    return async () =>
      (
        await db.query('select attempts_made, delivered_at is not null as delivered from deliveries where id = $1', [
          id,
        ])
      ).rows[0];
  };

  it('finishes and records it when it is told to stop', async () => {
    const dispatcher = await startDispatcher();
    const row = await tell();
    dispatcher.kill('SIGTERM');
    held[0]?.end('ok');
    expect(await dispatcher.ended).toBe(0);
    expect(await row()).toEqual({ attempts_made: 1, delivered: true });
    expect(receiver.received).toHaveLength(1);
  });

  it('leaves it to the others at once when it is killed: they need not wait for the lease', async () => {
    const victim = await startDispatcher();
    const row = await tell();
    const survivor = await startDispatcher();
    expect(held).toHaveLength(1);
    victim.kill('SIGKILL');
    await eventually(() => held.length === 2);
    held[1]?.end('ok');
    await eventually(async () => (await row()).delivered);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    survivor.kill('SIGTERM');
    expect(await survivor.ended).toBe(0);
  });
});
