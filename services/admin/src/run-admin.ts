/**
 * `npm run admin -- COMMAND …`: clients, their keys, quotas and capture pages, collections, webhook deliveries and endpoints, retention, legal holds,
 * key rotation, the audit log, operators. Without DATABASE_URL it joins the Postgres under the data directory, or starts it for as long
 * as the command takes.
 */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WrongKeyDirectory } from '@livegate/crypto/key-ring';
import { recordAct } from '@livegate/db/audit-log';
import { type Database, openDatabase } from '@livegate/db/database';
import { migrate } from '@livegate/db/migrate';
import { OPERATOR_ROLES } from '@livegate/domain/operator-roles';
import { startLocalPostgres } from '@livegate/local-postgres/local-postgres';
import { readSettings, SettingsError } from '@livegate/service-kit/settings';
import { type Arguments, COMMANDS, type Row } from './commands.ts';
import { UsageError } from './usage-error.ts';

// What the person at the command can mend: a sentence helps them, a stack would not.
const REFUSALS = [UsageError, SettingsError, WrongKeyDirectory];

type Environment = Readonly<Record<string, string | undefined>>;
type Surroundings = {
  args: string[];
  env: Environment;
  print: (text: string) => void;
  complain: (text: string) => void;
};

/** Returns the exit code: 0 done, 1 refused or failed, 2 not understood. */
export async function runAdmin({ args, env, print, complain }: Surroundings): Promise<number> {
  try {
    const { command, name, json, ...rest } = parse(args);
    if (!command) {
      complain(help());
      return 2;
    }
    const rows = await withDatabase(env, async (db) => {
      const note = (details: object) =>
        recordAct(db, {
          actor: `admin:${userInfo().username}`,
          action: name,
          details: { arguments: rest.positionals.map(withoutSecrets), ...details },
        });
      const given = { ...rest, keyDir: keyDirectory(env), frameStoreUrl: frameStoreUrl(env) };
      const done = await command.run(db, given).catch(async (error: unknown) => {
        // What somebody tried is of interest as well. The log being away must not hide why the command failed.
        await note({ failed: whyOf(error) }).catch(() => undefined);
        throw error;
      });
      await note({});
      return done;
    });
    for (const row of rows) print(json ? JSON.stringify(row) : printRow(row));
    return 0;
  } catch (error) {
    if (!REFUSALS.some((refusal) => error instanceof refusal)) throw error;
    complain(`livegate: ${(error as Error).message}`);
    return 1;
  }
}

function parse(args: string[]): Omit<Arguments, 'keyDir' | 'frameStoreUrl'> & {
  command: (typeof COMMANDS)[string] | null;
  name: string;
  json: boolean;
} {
  const { values, positionals } = parseOrRefuse(args);
  const name = positionals.slice(0, 2).join(' ');
  const command = COMMANDS[name];
  const given = positionals.slice(2);
  const days = readNumber('expires', values.expires);
  if (days === 0) throw new UsageError('--expires must be at least 1 day');
  const fits = command !== undefined && given.length === command.takes && given.every((text) => text.length > 0);
  return {
    command: fits ? command : null,
    name,
    positionals: given,
    expiresInDays: days ?? null,
    test: values.test,
    limits: {
      requestsPerMinute: readLimit('requests-per-minute', values['requests-per-minute'], 1),
      checksPerMonth: readLimit('checks-per-month', values['checks-per-month'], 0),
      openChecks: readLimit('open-checks', values['open-checks'], 1),
    },
    state: readState(values.state),
    since: readTime('--since', values.since),
    until: readTime('--until', values.until),
    all: values.all,
    colours: { accent: values.accent, card: values.card, page: values.page, ink: values.ink },
    role: readRole(values.role),
    images: values.images,
    json: values.json,
  };
}

function readLimit(name: string, text: string | undefined, atLeast: number): number | null | undefined {
  if (text === 'none') return null;
  const limit = readNumber(name, text);
  if (limit !== undefined && limit < atLeast) throw new UsageError(`--${name} must be at least ${atLeast}, or none`);
  return limit;
}

// What Postgres' integer holds.
const MAX_NUMBER = 2_147_483_647;

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text) && Number(text) <= MAX_NUMBER) return Number(text);
  throw new UsageError(`--${name} must be a whole number`);
}

function parseOrRefuse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        expires: { type: 'string' },
        test: { type: 'boolean', default: false },
        'requests-per-minute': { type: 'string' },
        'checks-per-month': { type: 'string' },
        'open-checks': { type: 'string' },
        state: { type: 'string' },
        since: { type: 'string' },
        until: { type: 'string' },
        all: { type: 'boolean', default: false },
        accent: { type: 'string' },
        card: { type: 'string' },
        page: { type: 'string' },
        ink: { type: 'string' },
        role: { type: 'string' },
        images: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const STATES = ['due', 'delivered', 'dead'] as const;

function readState(text: string | undefined): Arguments['state'] {
  const state = STATES.find((name) => name === text);
  if (text !== undefined && !state) throw new UsageError(`--state must be ${STATES.join(', ')}`);
  return state;
}

function readRole(text: string | undefined): Arguments['role'] {
  const role = OPERATOR_ROLES.find((name) => name === text);
  if (text !== undefined && !role) throw new UsageError(`--role must be ${OPERATOR_ROLES.join(', ')}`);
  return role;
}

function readTime(option: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d(T.*)?$/.test(text) || Number.isNaN(time.getTime()))
    throw new UsageError(`${option} must be a time, as 2026-01-31T12:00:00Z`);
  return time;
}

function help(): string {
  const usages = Object.values(COMMANDS).map(({ usage }) => `  npm run admin -- ${usage}`);
  return ['Usage (each takes --json):', ...usages].join('\n');
}

function printRow(row: Row): string {
  return Object.entries(row)
    .map(([name, value]) => `${name}=${value ?? '-'}`)
    .join('  ');
}

async function withDatabase<T>(env: Environment, work: (db: Database) => Promise<T>): Promise<T> {
  const postgres = env.DATABASE_URL ? null : await startLocalPostgres({ dataDir: localData(env) });
  const url = postgres?.url ?? readSettings({ env, names: ['DATABASE_URL'] }).DATABASE_URL.reveal();
  const db = openDatabase({ url, applicationName: 'livegate-admin', maxConnections: 1, onError: () => undefined });
  try {
    await migrate(db);
    return await work(db);
  } finally {
    await db.close();
    await postgres?.stop();
  }
}

function keyDirectory(env: Environment): string {
  const settings = readSettings({ env, names: ['LIVEGATE_DATA_DIR', 'LIVEGATE_KEY_DIR'] });
  return settings.LIVEGATE_KEY_DIR ?? join(settings.LIVEGATE_DATA_DIR, 'keys');
}

function frameStoreUrl(env: Environment): string | undefined {
  return readSettings({ env, names: ['FRAME_STORE_URL'] }).FRAME_STORE_URL;
}

/** A refusal in its own words; of an unexpected failure no more than its kind: its message may hold anything. */
function whyOf(error: unknown): string {
  if (error instanceof UsageError) return withoutSecrets(error.message);
  return error instanceof Error ? error.name : 'unknown';
}

// The log is kept for ever: a whole key that somebody gave in place of its id must not be in it.
function withoutSecrets(text: string): string {
  return text.replace(/(lv_(?:live|test)_\w{12})_\S+/g, '$1_…').replace(/whsec_\S+/g, 'whsec_…');
}

function localData(env: Environment): string {
  return join(readSettings({ env, names: ['LIVEGATE_DATA_DIR'] }).LIVEGATE_DATA_DIR, 'postgres');
}
