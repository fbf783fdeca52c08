/**
 * What each service may do with each table: THE table. Every service gives up its login's rights for those of a role of its
 * own, so that a fault in one cannot read or write what only another needs: nobody but the administration and the console
 * makes keys, nobody changes a log, and the service that talks to strangers' machines sees no image.
 */
import { createHash } from 'node:crypto';
import type { Database, Queryable } from './database.ts';
import { seedRowSecurity } from './row-security.ts';

/** `console` is the api's part for operators, on connections of its own: it may make keys, which the public part may not. */
export const SERVICES = ['api', 'inference-worker', 'lifecycle', 'webhook-dispatcher', 'console'] as const;
export type Service = (typeof SERVICES)[number];

const READ = 'select';
const ADD = 'select, insert';
const CHANGE = 'select, update';
const REMOVE = 'select, delete';
const ALL = 'select, insert, update, delete';

type Grants = Partial<Record<Service, string>>;

/** A table that is not named here is open to all: a test asks for its name. */
export const GRANTS: Record<string, Grants> = {
  schema_migrations: { api: READ, 'inference-worker': READ, lifecycle: READ, 'webhook-dispatcher': READ },
  check_transitions: { api: READ, 'inference-worker': READ, lifecycle: READ },
  // A row lock takes a right to change something; nothing reads when a client was made.
  clients: {
    api: 'select, update (created_at)',
    'inference-worker': 'select (id, risk_policy)',
    lifecycle: READ,
    console: 'select, insert',
  },
  client_logos: { api: READ },
  api_keys: { api: 'select, update (last_used_at)', console: 'select, insert, update (revoked_at)' },
  collections: { api: READ },
  checks: { api: ALL, 'inference-worker': CHANGE, lifecycle: ALL, 'webhook-dispatcher': READ, console: READ },
  // The trigger that refuses illegal transitions writes it, with its owner's rights.
  check_transition_log: { api: READ, 'inference-worker': READ, lifecycle: READ, console: READ },
  frame_batches: { api: ALL, 'inference-worker': CHANGE, lifecycle: ALL, console: READ },
  frames: { api: ALL, 'inference-worker': CHANGE, lifecycle: ALL, console: READ },
  frame_blobs: { api: ALL, 'inference-worker': REMOVE, lifecycle: REMOVE },
  handoffs: { api: ALL },
  challenge_steps: { api: ALL, 'inference-worker': CHANGE, lifecycle: READ, console: READ },
  events: { api: ALL, 'inference-worker': ADD, lifecycle: ALL, 'webhook-dispatcher': READ, console: READ },
  deliveries: { api: ALL, 'inference-worker': ADD, lifecycle: ALL, 'webhook-dispatcher': CHANGE, console: CHANGE },
  delivery_attempts: { api: ALL, lifecycle: ALL, 'webhook-dispatcher': ADD, console: READ },
  // Row locks, as above: what is being used is not swept away.
  breakers: {
    'webhook-dispatcher': 'select, insert, update',
    lifecycle: 'select, delete, update (updated_at)',
    console: READ,
  },
  breaker_calls: { 'webhook-dispatcher': ALL, lifecycle: 'select, delete, update (minute)' },
  // A row lock, as above: nothing reads when an endpoint was made but those who list it.
  webhook_endpoints: { api: 'select, insert, update', lifecycle: 'select, update (created_at)', console: READ },
  webhook_endpoint_secrets: { api: ALL, lifecycle: REMOVE, 'webhook-dispatcher': READ },
  model_sets: { 'inference-worker': ADD, lifecycle: READ, console: READ },
  service_hosts: { api: ALL, 'inference-worker': ALL, lifecycle: ALL, 'webhook-dispatcher': ALL },
  idempotency_keys: { api: ALL, lifecycle: REMOVE },
  request_rates: { api: ALL, lifecycle: REMOVE, console: 'select, insert, update' },
  monthly_checks: { api: 'select, insert, update' },
  decision_receipts: { api: READ, 'inference-worker': ADD, lifecycle: ADD, console: READ },
  deletion_receipts: { api: ADD, lifecycle: ADD },
  retention_defaults: { api: READ, 'inference-worker': READ, lifecycle: READ },
  retention_policies: { api: READ, 'inference-worker': READ, lifecycle: READ },
  legal_holds: { api: READ, lifecycle: READ, console: READ },
  // Who asks again asks for the one that is under way.
  erasures: { api: 'select, insert, update (requested_at)', lifecycle: 'select, update, delete' },
  failures: { api: ADD, 'inference-worker': ADD, lifecycle: ALL },
  reviews: { api: READ, lifecycle: ADD, console: READ },
  review_labels: { api: 'select, insert, update', console: 'select, insert, update' },
  audit_log: { api: ADD, lifecycle: ADD, console: ADD },
  audit_chain: { lifecycle: ADD },
  audit_seals: { lifecycle: ADD },
  audit_lines: { lifecycle: READ },
  key_directory: { api: ADD, 'inference-worker': ADD, lifecycle: ADD, 'webhook-dispatcher': ADD },
  operators: { console: 'select, update (signed_in_at)' },
  operator_sessions: { console: ALL },
  applied_grants: {},
};

/** Questions that are answered with the owner's rights, because they come before a client is known, and who may ask them. */
export const FUNCTIONS: Record<string, Service[]> = {
  'caller_of_key(text)': ['api'],
  'check_of_link(bytea)': ['api'],
  'ended_checks(text[])': ['api'],
  'oldest_wait_seconds()': ['api', 'lifecycle'],
};

/** The name of a service's role in the cluster. */
export function roleOf(service: Service): string {
  return `livegate_${service.replaceAll('-', '_')}`;
}

/**
 * Makes the roles and their grants equal to the table, in the migration's transaction. The login needs CREATEROLE for it, not more.
 * Where it may not make roles, none are made, and the services keep the login's own rights.
 */
export async function seedGrants(tx: Queryable): Promise<void> {
  const tables = await listTables(tx);
  const wanted = createHash('sha256')
    .update(JSON.stringify([GRANTS, FUNCTIONS, tables]))
    .digest('hex');
  const { rowCount } = await tx.query('select from applied_grants where wanted = $1', [wanted]);
  if (!(await makeRoles(tx))) return;
  const unlimited = SERVICES.filter((service) => service !== 'api').map(roleOf);
  await seedRowSecurity(tx, { limited: roleOf('api'), unlimited });
  if (rowCount) return;
  for (const service of SERVICES) {
    await tx.query(`revoke all on all tables in schema public from ${roleOf(service)}`);
    for (const table of tables) {
      const rights = table in GRANTS ? GRANTS[table]?.[service] : ALL;
      if (rights) await tx.query(`grant ${rights} on ${table} to ${roleOf(service)}`);
    }
  }
  for (const [name, services] of Object.entries(FUNCTIONS)) {
    await tx.query(`revoke all on function ${name} from public, ${SERVICES.map(roleOf).join(', ')}`);
    await tx.query(`grant execute on function ${name} to ${services.map(roleOf).join(', ')}`);
  }
  await tx.query(`delete from applied_grants where wanted not like 'rows %'`);
  await tx.query('insert into applied_grants values ($1)', [wanted]);
}

/** Takes on the service's role, now and on every later connection. False where the roles are not there to be taken on. */
export async function assumeServiceRole(db: Database, service: Service): Promise<boolean> {
  const { rows } = await db.query(
    /* sql */ `select coalesce((select ${MAY_TAKE_ON} from pg_roles where rolname = $1), false)
                      and exists (select from applied_grants) as may`,
    [roleOf(service)],
  );
  if (!rows[0].may) return false;
  await db.assumeRole(roleOf(service));
  return true;
}

// Since Postgres 16 one can be a member of a role without being allowed to take it on.
const MAY_TAKE_ON = /* sql */ `
  case when current_setting('server_version_num')::int >= 160000 then pg_has_role(current_user, oid, 'SET')
       else pg_has_role(current_user, oid, 'MEMBER') end`;

async function listTables(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query(
    /* sql */ `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'public' and c.relkind in ('r', 'p', 'v') order by 1`,
  );
  return rows.map((row) => row.name as string);
}

/** Roles belong to the cluster: another database of it may be making them at the same moment. */
async function makeRoles(tx: Queryable): Promise<boolean> {
  for (const service of SERVICES) {
    await tx.query(`do $$ begin create role ${roleOf(service)} nologin;
                    exception when duplicate_object or unique_violation or insufficient_privilege then null; end $$`);
    // Who makes a role may manage it; since Postgres 16 no more than that.
    await tx.query(`do $$ begin
                      if not (select ${MAY_TAKE_ON} from pg_roles where rolname = '${roleOf(service)}') then
                        execute 'grant ${roleOf(service)} to current_user with set true';
                      end if;
                    exception when insufficient_privilege or syntax_error then null; end $$`);
  }
  const { rows } = await tx.query('select count(*)::int as made from pg_roles where rolname = any($1)', [
    SERVICES.map(roleOf),
  ]);
  return rows[0].made === SERVICES.length;
}
