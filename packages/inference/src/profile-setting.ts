/** The one setting that says which models may score. */
import { z } from 'zod';
import type { ProfileSetting } from './profiles.ts';

const schema = z.enum(['auto', 'baseline', 'recommended']);

/** Reads the value of LIVEGATE_MODEL_PROFILE; absent or empty means `auto`. Throws on any other word. */
export function parseProfileSetting(value: string | undefined): ProfileSetting {
  const parsed = schema.safeParse(value || 'auto');
  if (parsed.success) return parsed.data;
  throw new Error(`LIVEGATE_MODEL_PROFILE is "${value}": it must be auto, baseline or recommended.`);
}
