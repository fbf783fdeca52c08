import { join } from 'node:path';
import {
  FAILURE_LOCK_FORM,
  type FailureLock,
  parseFailureLock,
  USUAL_FAILURE_LOCK,
} from '@livegate/domain/failure-lock';
import { CONTRACTS } from '@livegate/domain/thresholds';
import { readSettings, type SettingName, SettingsError } from '@livegate/service-kit/settings';

const NAMES = [
  'LIVEGATE_MODE',
  'LIVEGATE_HOST',
  'LIVEGATE_PORT',
  'LIVEGATE_HEALTH_PORT',
  'LIVEGATE_PUBLIC_URL',
  'LIVEGATE_TLS_CERT',
  'LIVEGATE_TLS_KEY',
  'LIVEGATE_API_KEY',
  'LIVEGATE_EGRESS_ADDRESSES',
  'LIVEGATE_DEFAULT_CHALLENGE',
  'LIVEGATE_CHALLENGES',
  'LIVEGATE_SMARTCOMPLY_THRESHOLD',
  'LIVEGATE_FAILURE_LOCK',
  'LIVEGATE_DATA_DIR',
  'LIVEGATE_KEY_DIR',
  'LIVEGATE_MODELS_DIR',
  'LIVEGATE_CONSOLE',
  'LIVEGATE_TRACE_URL',
  'LIVEGATE_LOG_LEVEL',
  'DATABASE_URL',
  'REDIS_URL',
  'FRAME_STORE_URL',
] as const satisfies SettingName[];

/** The api's settings, from the environment. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings({
    env,
    names: NAMES,
    defaults: { LIVEGATE_MODE: 'production', LIVEGATE_HEALTH_PORT: '9080' },
  });
  return {
    mode: settings.LIVEGATE_MODE,
    host: settings.LIVEGATE_HOST,
    port: settings.LIVEGATE_PORT,
    /** Null: health is served on the main port only. */
    healthPort: settings.LIVEGATE_HEALTH_PORT as number | null,
    publicUrl: settings.LIVEGATE_PUBLIC_URL?.replace(/\/+$/, ''),
    tlsCertPath: settings.LIVEGATE_TLS_CERT,
    tlsKeyPath: settings.LIVEGATE_TLS_KEY,
    egressAddresses: settings.LIVEGATE_EGRESS_ADDRESSES ?? [],
    mayChallenge: settings.LIVEGATE_CHALLENGES === 'turn',
    defaultChallenge: settings.LIVEGATE_CHALLENGES === 'turn' ? settings.LIVEGATE_DEFAULT_CHALLENGE : ('none' as const),
    smartcomplyThreshold: settings.LIVEGATE_SMARTCOMPLY_THRESHOLD ?? CONTRACTS.smartcomply.defaultThreshold,
    failureLock: readFailureLock(settings.LIVEGATE_FAILURE_LOCK ?? USUAL_FAILURE_LOCK),
    // Whoever develops against this fails in one browser all day.
    browserLock: readFailureLock(
      settings.LIVEGATE_FAILURE_LOCK ?? (settings.LIVEGATE_MODE === 'development' ? 'off' : USUAL_FAILURE_LOCK),
    ),
    apiKey: settings.LIVEGATE_API_KEY,
    dataDir: settings.LIVEGATE_DATA_DIR,
    keyDir: settings.LIVEGATE_KEY_DIR ?? join(settings.LIVEGATE_DATA_DIR, 'keys'),
    /** For the page's detector alone; nothing is scored here. */
    modelsDir: settings.LIVEGATE_MODELS_DIR,
    hasConsole: settings.LIVEGATE_CONSOLE === 'on',
    traceUrl: settings.LIVEGATE_TRACE_URL ?? null,
    logLevel: settings.LIVEGATE_LOG_LEVEL,
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    frameStoreUrl: settings.FRAME_STORE_URL,
  };
}

function readFailureLock(text: string): FailureLock {
  const lock = parseFailureLock(text);
  if (!lock) throw new SettingsError(`LIVEGATE_FAILURE_LOCK must be ${FAILURE_LOCK_FORM}.`);
  return lock;
}

export type ApiConfig = ReturnType<typeof readConfig>;
