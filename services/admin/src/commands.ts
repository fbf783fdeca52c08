/** Every command: THE table. A command takes its arguments by name and returns rows to print. */
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import {
  countUsableKeys,
  createApiKey,
  createClient,
  disableClient,
  listApiKeys,
  listClients,
  MAX_USABLE_KEYS,
  revokeApiKey,
} from '@livegate/db/clients';
import { createCollection, listCollections } from '@livegate/db/collections';
import type { Database, Queryable } from '@livegate/db/database';
import { listEndpoints, updateEndpoint } from '@livegate/db/endpoints';
import { type DeliveryState, listDeliveries } from '@livegate/db/events';
import { findLimits, setLimits } from '@livegate/db/limits';
import { listAppliedMigrations } from '@livegate/db/migrate';
import { findClientOfEvent, recoverDeliveries, replayEvent } from '@livegate/db/replays';
import type { ClientLimits } from '@livegate/domain/limits';
import type { OperatorRole } from '@livegate/domain/operator-roles';
import { AUDIT_COMMANDS } from './audit-commands.ts';
import { KEY_COMMANDS } from './key-commands.ts';
import { OPERATOR_COMMANDS } from './operator-commands.ts';
import { type ColourWishes, PAGE_COMMANDS } from './page-commands.ts';
import { POLICY_COMMANDS } from './policy-commands.ts';
import { RECORD_COMMANDS } from './record-commands.ts';
import { REVIEW_COMMANDS } from './review-commands.ts';
import { UsageError } from './usage-error.ts';

export type Row = Record<string, string | number | boolean | null>;
export type Arguments = {
  positionals: string[];
  expiresInDays: number | null;
  test: boolean;
  keyDir: string;
  /** Undefined: frames are rows of the database. */
  frameStoreUrl: string | undefined;
  /** Undefined: not named; null: lifted. */
  limits: { [Limit in keyof ClientLimits]: number | null | undefined };
  state: DeliveryState | undefined;
  since: Date | null;
  until: Date | null;
  all: boolean;
  colours: ColourWishes;
  role: OperatorRole | undefined;
  images: boolean;
};

type Command = { usage: string; takes: number; run: (db: Database, args: Arguments) => Promise<Row[]> };

// More than a person reads, and what one statement moves.
const MOST_LISTED = 100;
const MOST_RECOVERED = 10_000;

export const COMMANDS: Record<string, Command> = {
  // Every command finds the schema up to date; this one is for a job that does nothing else.
  'schema migrate': { usage: 'schema migrate', takes: 0, run: (db) => listAppliedMigrations(db) },
  'client create': {
    usage: 'client create NAME',
    takes: 1,
    run: async (db, { positionals: [name = ''] }) => [{ client: await createClient(db, { name }), name }],
  },
  'client list': { usage: 'client list', takes: 0, run: (db) => listClients(db) },
  'client disable': {
    usage: 'client disable CLIENT',
    takes: 1,
    run: async (db, { positionals: [id = ''] }) => changed(await disableClient(db, id), `no client ${id}`),
  },
  'key create': {
    usage: 'key create CLIENT [--expires DAYS] [--test]',
    takes: 1,
    run: async (db, { positionals: [clientId = ''], expiresInDays, test }) => {
      const mode = test ? 'test' : 'live';
      if ((await countUsableKeys(db, { clientId, mode })) >= MAX_USABLE_KEYS) {
        throw new UsageError(`the client has ${MAX_USABLE_KEYS} usable ${mode} keys already: revoke one first`);
      }
      const text = newApiKey(mode);
      const key = parseApiKey(text);
      if (!key || !(await createApiKey(db, { ...key, clientId, expiresInDays })))
        throw new UsageError(`no client ${clientId}`);
      return [{ key: key.keyId, secret: text, note: 'shown once' }];
    },
  },
  'key list': { usage: 'key list CLIENT', takes: 1, run: (db, { positionals: [id = ''] }) => listApiKeys(db, id) },
  'key revoke': {
    usage: 'key revoke KEY',
    takes: 1,
    run: async (db, { positionals: [id = ''] }) => changed(await revokeApiKey(db, id), `no usable key ${id}`),
  },
  'quota set': {
    usage: 'quota set CLIENT [--requests-per-minute N] [--checks-per-month N] [--open-checks N]   (N or "none")',
    takes: 1,
    run: async (db, { positionals: [clientId = ''], limits }) => {
      if (Object.values(limits).every((limit) => limit === undefined)) throw new UsageError('name at least one limit');
      if (!(await setLimits(db, { clientId, ...limits }))) throw new UsageError(`no client ${clientId}`);
      return showLimits(db, clientId);
    },
  },
  'quota show': {
    usage: 'quota show CLIENT',
    takes: 1,
    run: (db, { positionals: [clientId = ''] }) => showLimits(db, clientId),
  },
  'collection create': {
    usage: 'collection create CLIENT NAME',
    takes: 2,
    run: async (db, { positionals: [clientId = '', name = ''] }) => {
      const collection = await createCollection(db, { clientId, name });
      if (!collection) throw new UsageError(`no client ${clientId}, or it has a collection ${name} already`);
      return [{ collection, name }];
    },
  },
  'collection list': {
    usage: 'collection list CLIENT',
    takes: 1,
    run: (db, { positionals: [id = ''] }) => listCollections(db, id),
  },
  'delivery list': {
    usage: 'delivery list CLIENT [--state due|delivered|dead]',
    takes: 1,
    run: async (db, { positionals: [clientId = ''], state }) => {
      const rows = await listDeliveries(db, { clientId, page: { limit: MOST_LISTED, after: null }, state });
      return rows.map(({ id, eventId, origin, attemptsMade, deadReason, ...row }) => ({
        delivery: id,
        event: eventId,
        origin,
        state: row.state,
        attempts: attemptsMade,
        created: row.createdAt.toISOString(),
        next: row.nextAttemptAt?.toISOString() ?? null,
        reason: deadReason,
      }));
    },
  },
  'delivery replay': {
    usage: 'delivery replay EVENT',
    takes: 1,
    run: async (db, { positionals: [eventId = ''] }) => {
      const clientId = await findClientOfEvent(db, eventId);
      if (!clientId) throw new UsageError(`no event ${eventId}`);
      const deliveries = await db.transaction((tx) => replayEvent(tx, { clientId, eventId }));
      if (deliveries.length === 0) throw new UsageError(`event ${eventId} has no delivery that can be made again`);
      return deliveries.map((delivery) => ({ delivery, due: true }));
    },
  },
  'delivery recover': {
    usage: 'delivery recover CLIENT --since TIME [--until TIME] [--all]',
    takes: 1,
    run: async (db, { positionals: [clientId = ''], since, until, all }) => {
      if (!since) throw new UsageError('--since must say from when, as 2026-01-31T12:00:00Z');
      const wish = { clientId, since, until, which: all ? ('all' as const) : ('dead' as const), limit: MOST_RECOVERED };
      const recovered = await db.transaction((tx) => recoverDeliveries(tx, wish));
      return [{ recovered, more: recovered === MOST_RECOVERED }];
    },
  },
  'endpoint list': {
    usage: 'endpoint list CLIENT',
    takes: 1,
    run: async (db, { positionals: [clientId = ''] }) =>
      (await listEndpoints(db, clientId)).map(({ id, url, events, disabledAt }) => ({
        endpoint: id,
        url,
        events: events.join(',') || 'all',
        state: disabledAt ? 'disabled' : 'enabled',
      })),
  },
  'endpoint disable': {
    usage: 'endpoint disable CLIENT ENDPOINT',
    takes: 2,
    run: (db, { positionals }) => setDisabled(db, positionals, true),
  },
  'endpoint enable': {
    usage: 'endpoint enable CLIENT ENDPOINT',
    takes: 2,
    run: (db, { positionals }) => setDisabled(db, positionals, false),
  },
  ...AUDIT_COMMANDS,
  ...KEY_COMMANDS,
  ...RECORD_COMMANDS,
  ...POLICY_COMMANDS,
  ...PAGE_COMMANDS,
  ...REVIEW_COMMANDS,
  ...OPERATOR_COMMANDS,
};

async function showLimits(db: Queryable, clientId: string): Promise<Row[]> {
  const limits = await findLimits(db, clientId);
  if (!limits) throw new UsageError(`no client ${clientId}`);
  return [limits];
}

async function setDisabled(
  db: Database,
  [clientId = '', endpointId = '']: string[],
  disabled: boolean,
): Promise<Row[]> {
  const endpoint = await db.transaction((tx) => updateEndpoint(tx, { clientId, endpointId, disabled }));
  return changed(endpoint !== null, `client ${clientId} has no endpoint ${endpointId}`);
}

function changed(done: boolean, otherwise: string): Row[] {
  if (!done) throw new UsageError(otherwise);
  return [{ done }];
}
