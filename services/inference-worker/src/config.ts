import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readSettings, type SettingName, SettingsError } from '@livegate/service-kit/settings';

const NAMES = [
  'LIVEGATE_MODE',
  'LIVEGATE_HOST',
  'LIVEGATE_HEALTH_PORT',
  'LIVEGATE_CHALLENGES',
  'LIVEGATE_DATA_DIR',
  'LIVEGATE_KEY_DIR',
  'LIVEGATE_MODEL_PROFILE',
  'LIVEGATE_MODELS_DIR',
  'LIVEGATE_MODEL_MANIFEST',
  'LIVEGATE_PROVIDER',
  'LIVEGATE_CHILDREN',
  'LIVEGATE_LOG_LEVEL',
  'DATABASE_URL',
  'REDIS_URL',
  'FRAME_STORE_URL',
] as const satisfies SettingName[];

/** Frame batches that a child on a GPU holds at once: of four frames each, the engine's largest joined run twice over. */
const GPU_TASKS_PER_CHILD = 16;

/** The inference worker's settings, from the environment. Production must name its models: no silent fall-back there. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings({
    env,
    names: NAMES,
    defaults: { LIVEGATE_MODE: 'production', LIVEGATE_HEALTH_PORT: '9081' },
  });
  if (settings.LIVEGATE_MODE === 'production' && settings.LIVEGATE_MODEL_PROFILE === 'auto') {
    throw new SettingsError('LIVEGATE_MODEL_PROFILE must be `recommended` or `baseline` in production, not `auto`.');
  }
  return {
    mode: settings.LIVEGATE_MODE,
    host: settings.LIVEGATE_HOST,
    healthPort: settings.LIVEGATE_HEALTH_PORT as number | null,
    keyDir: settings.LIVEGATE_KEY_DIR ?? join(settings.LIVEGATE_DATA_DIR, 'keys'),
    profile: settings.LIVEGATE_MODEL_PROFILE,
    modelsDir: settings.LIVEGATE_MODELS_DIR,
    manifest: settings.LIVEGATE_MODEL_MANIFEST ?? null,
    observesHeads: settings.LIVEGATE_CHALLENGES === 'turn',
    provider: settings.LIVEGATE_PROVIDER,
    // A GPU is kept busy by batches, not by processes that each hold the models in its memory.
    children: settings.LIVEGATE_CHILDREN ?? (settings.LIVEGATE_PROVIDER === 'cpu' ? availableParallelism() : 1),
    tasksPerChild: settings.LIVEGATE_PROVIDER === 'cpu' ? 1 : GPU_TASKS_PER_CHILD,
    logLevel: settings.LIVEGATE_LOG_LEVEL,
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    frameStoreUrl: settings.FRAME_STORE_URL,
  };
}

export type InferenceWorkerConfig = ReturnType<typeof readConfig>;
