import { join } from 'node:path';
import { readSettings, type SettingName } from '@livegate/service-kit/settings';

const NAMES = [
  'LIVEGATE_MODE',
  'LIVEGATE_HOST',
  'LIVEGATE_PORT',
  'LIVEGATE_PUBLIC_URL',
  'LIVEGATE_TLS_CERT',
  'LIVEGATE_TLS_KEY',
  'LIVEGATE_API_KEY',
  'LIVEGATE_EGRESS_ADDRESSES',
  'LIVEGATE_CHALLENGES',
  'LIVEGATE_DATA_DIR',
  'LIVEGATE_KEY_DIR',
  'LIVEGATE_MODEL_PROFILE',
  'LIVEGATE_MODELS_DIR',
  'LIVEGATE_CHILDREN',
  'LIVEGATE_CONSOLE',
  'LIVEGATE_TRACE_URL',
  'LIVEGATE_LOG_LEVEL',
  'REDIS_URL',
  'FRAME_STORE_URL',
] as const satisfies SettingName[];

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of the whole, checked at once; the services read theirs from `serviceEnvironment`. */
export function readConfig(env: Environment) {
  const settings = readSettings({
    env,
    names: env.DATABASE_URL ? [...NAMES, 'DATABASE_URL'] : NAMES,
    defaults: { LIVEGATE_MODE: 'development', LIVEGATE_LOG_LEVEL: 'warn' },
  });
  return {
    mode: settings.LIVEGATE_MODE,
    logLevel: settings.LIVEGATE_LOG_LEVEL,
    apiKey: settings.LIVEGATE_API_KEY,
    /** None: a Postgres is embedded. */
    databaseUrl: env.DATABASE_URL ? settings.DATABASE_URL : undefined,
    dataDir: settings.LIVEGATE_DATA_DIR,
    keyDir: settings.LIVEGATE_KEY_DIR ?? join(settings.LIVEGATE_DATA_DIR, 'keys'),
  };
}

export type StandaloneConfig = ReturnType<typeof readConfig>;

/** The environment that the services see: the whole's, with what was settled here. */
export function serviceEnvironment(
  env: Environment,
  { config, databaseUrl, apiKey }: { config: StandaloneConfig; databaseUrl: string; apiKey: string | undefined },
): Environment {
  return {
    ...env,
    LIVEGATE_MODE: config.mode,
    LIVEGATE_LOG_LEVEL: config.logLevel,
    LIVEGATE_KEY_DIR: config.keyDir,
    DATABASE_URL: databaseUrl,
    ...(apiKey === undefined ? {} : { LIVEGATE_API_KEY: apiKey }),
  };
}
