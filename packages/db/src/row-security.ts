/**
 * Whose rows the api sees: THE table. Every query names its client as well; this is the net under them, for the one that
 * somebody forgets. The client is a setting of the transaction (client-scope.ts): without it there are no rows at all,
 * whoever takes on the role.
 *
 * The other services work for all clients, and are kept apart by what they are granted.
 *
 * Not forced upon the tables' owner: no service has its rights, and a backup by it would be refused.
 */
import { createHash } from 'node:crypto';
import type { Queryable } from './database.ts';

const CLIENT = `(select current_setting('app.client_id', true))`;
const own = `client_id = ${CLIENT}`;
// What these see is limited in turn. `offset 0` has each row's owner looked up by its key: without it Postgres may read all of
// the client's checks for one row, and keeps the plan in which it does, made when the table was small.
const ownedBy = (owner: string, condition: string) => `exists (select from ${owner} where ${condition} offset 0)`;
const ofCheck = (table: string) => ownedBy('checks', `checks.id = ${table}.check_id`);

export const ROW_SECURITY: Record<string, string> = {
  clients: `id = ${CLIENT}`,
  api_keys: own,
  collections: own,
  checks: own,
  events: own,
  deliveries: own,
  webhook_endpoints: own,
  idempotency_keys: own,
  monthly_checks: own,
  deletion_receipts: own,
  retention_policies: own,
  erasures: own,
  failures: own,
  reviews: own,
  // An act on what has no column of its client is of none.
  audit_log: `(${own} or client_id is null)`,
  check_transition_log: ofCheck('check_transition_log'),
  frame_batches: ofCheck('frame_batches'),
  frames: ofCheck('frames'),
  frame_blobs: ofCheck('frame_blobs'),
  challenge_steps: ofCheck('challenge_steps'),
  handoffs: ofCheck('handoffs'),
  decision_receipts: ofCheck('decision_receipts'),
  legal_holds: ofCheck('legal_holds'),
  delivery_attempts: ownedBy('deliveries', 'deliveries.id = delivery_attempts.delivery_id'),
  webhook_endpoint_secrets: ownedBy('webhook_endpoints', 'webhook_endpoints.id = webhook_endpoint_secrets.endpoint_id'),
  review_labels: ownedBy('reviews', 'reviews.id = review_labels.review_id'),
};

/** Makes the policies equal to the table, in the migration's transaction: one role sees a client's rows, the others all. */
export async function seedRowSecurity(tx: Queryable, roles: { limited: string; unlimited: string[] }): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify([ROW_SECURITY, roles]));
  const wanted = `rows ${hash.digest('hex')}`;
  const { rowCount } = await tx.query('select from applied_grants where wanted = $1', [wanted]);
  if (rowCount) return;
  for (const [table, condition] of Object.entries(ROW_SECURITY)) {
    await tx.query(/* sql */ `
      alter table ${table} enable row level security;
      drop policy if exists own_client on ${table};
      drop policy if exists every_client on ${table};
      create policy own_client on ${table} to ${roles.limited} using (${condition}) with check (${condition});
      create policy every_client on ${table} to ${roles.unlimited.join(', ')} using (true) with check (true)`);
  }
  await tx.query(`delete from applied_grants where wanted like 'rows %'`);
  await tx.query('insert into applied_grants values ($1)', [wanted]);
}
