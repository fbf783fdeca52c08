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
import type { Queryable } from '@livegate/db/database';
import { POLICY_COMMANDS } from './policy-commands.ts';
import { UsageError } from './usage-error.ts';

export type Row = Record<string, string | number | boolean | null>;
export type Arguments = { positionals: string[]; expiresInDays: number | null };

type Command = { usage: string; takes: number; run: (db: Queryable, args: Arguments) => Promise<Row[]> };

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
    usage: 'key create CLIENT [--expires DAYS]',
    takes: 1,
    run: async (db, { positionals: [clientId = ''], expiresInDays }) => {
      if ((await countUsableKeys(db, clientId)) >= MAX_USABLE_KEYS) {
        throw new UsageError(`the client has ${MAX_USABLE_KEYS} usable keys already: revoke one first`);
      }
      const text = newApiKey('live');
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
  ...POLICY_COMMANDS,
};

function changed(done: boolean, otherwise: string): Row[] {
  if (!done) throw new UsageError(otherwise);
  return [{ done }];
}
