import { asClient } from '@livegate/db/client-scope';
import { createClient } from '@livegate/db/clients';
import { openDatabase } from '@livegate/db/database';
import { insertBatch } from '@livegate/db/frame-batches';
import { assumeServiceRole } from '@livegate/db/service-roles';
import { createLogger } from '@livegate/telemetry/logger';
import { aCheck } from '@livegate/test-kit/builders';
import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, expect, it } from 'vitest';
import { enqueueBatches } from './enqueue-batches.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const { db, url } = await cloneDatabase();
const api = openDatabase({ url, applicationName: 'test', maxConnections: 2, onError: () => undefined });
afterAll(api.close);

it('notes what the queue took of every client that came at the same time', async () => {
  await assumeServiceRole(api, 'api');
  const clients = await Promise.all(['one', 'other'].map((name) => createClient(db, { name })));
  const producer = { enqueue: async () => undefined } as never;
  for (const clientId of clients) {
    const { id: checkId } = await aCheck(db, { clientId });
    const hint = await insertBatch(db, { checkId, attempt: 1, traceparent: null });
    await asClient(clientId, () => enqueueBatches({ db: api, producer, logger }, [hint]));
  }
  await eventually(async () => {
    const { rows } = await db.query('select count(enqueued_at)::int as noted from frame_batches');
    expect(rows[0].noted).toBe(2);
  });
});
