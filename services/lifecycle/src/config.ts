import { join } from 'node:path';
import { readSettings, type SettingName } from '@livegate/service-kit/settings';

const NAMES = [
  'LIVEGATE_MODE',
  'LIVEGATE_HOST',
  'LIVEGATE_HEALTH_PORT',
  'LIVEGATE_DATA_DIR',
  'LIVEGATE_KEY_DIR',
  'LIVEGATE_LOG_LEVEL',
  'DATABASE_URL',
  'REDIS_URL',
  'FRAME_STORE_URL',
] as const satisfies SettingName[];

/** Lifecycle's settings, from the environment. It reads no image, but gives the keys of images their end. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings({
    env,
    names: NAMES,
    defaults: { LIVEGATE_MODE: 'production', LIVEGATE_HEALTH_PORT: '9082' },
  });
  return {
    mode: settings.LIVEGATE_MODE,
    host: settings.LIVEGATE_HOST,
    healthPort: settings.LIVEGATE_HEALTH_PORT as number | null,
    keyDir: settings.LIVEGATE_KEY_DIR ?? join(settings.LIVEGATE_DATA_DIR, 'keys'),
    logLevel: settings.LIVEGATE_LOG_LEVEL,
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    frameStoreUrl: settings.FRAME_STORE_URL,
  };
}

export type LifecycleConfig = ReturnType<typeof readConfig>;
