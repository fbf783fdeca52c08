/** Every command: THE table. A command takes its arguments by name and returns rows to print. */
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import {
  countUsableKeys,
  createApiKey,
  createClient,
  disableClient,
  listApiKeys,
  listClients,
  revokeApiKey,
} from '@livegate/db/clients';
import { createCollection, listCollections } from '@livegate/db/collections';
import type { Database, Queryable } from '@livegate/db/database';
import { findLimits, setLimits } from '@livegate/db/limits';
import type { ClientLimits } from '@livegate/domain/limits';
import { AUDIT_COMMANDS } from './audit-commands.ts';
import { KEY_COMMANDS } from './key-commands.ts';
import { RECORD_COMMANDS } from './record-commands.ts';
import { UsageError } from './usage-error.ts';

export type Row = Record<string, string | number | boolean | null>;
export type Arguments = {
  positionals: string[];
  expiresInDays: number | null;
  test: boolean;
  keyDir: string;
  /** Undefined: not named; null: lifted. */
  limits: { [Limit in keyof ClientLimits]: number | null | undefined };
};

type Command = { usage: string; takes: number; run: (db: Database, args: Arguments) => Promise<Row[]> };

// Rotation needs the old and the new one; a third is a key that nobody remembers.
const MAX_USABLE_KEYS = 2;

export const COMMANDS: Record<string, Command> = {
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
  ...AUDIT_COMMANDS,
  ...KEY_COMMANDS,
  ...RECORD_COMMANDS,
};

async function showLimits(db: Queryable, clientId: string): Promise<Row[]> {
  const limits = await findLimits(db, clientId);
  if (!limits) throw new UsageError(`no client ${clientId}`);
  return [limits];
}

function changed(done: boolean, otherwise: string): Row[] {
  if (!done) throw new UsageError(otherwise);
  return [{ done }];
}
