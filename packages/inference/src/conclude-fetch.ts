/** What missing models mean for the chosen setting: nothing, a loud fallback, or a refusal. */
import type { Failure } from './fetch-models.ts';
import { liveFilesOf, type Manifest, type ProfileName } from './manifest.ts';
import type { ProfileSetting } from './profiles.ts';

/** Lines for the person at the terminal, and the exit code of the command. */
export type FetchOutcome = { exitCode: 0 | 1; lines: string[] };

/** `auto` needs the baseline and falls back to it; an explicit setting needs its own models; nothing needs candidates. */
export function concludeFetch(setting: ProfileSetting, failures: readonly Failure[], manifest: Manifest): FetchOutcome {
  if (failures.length === 0) return { exitCode: 0, lines: [] };
  const required = setting === 'auto' ? 'baseline' : setting;
  const missing = describe(failures);
  if (isIncomplete(required, failures, manifest)) {
    const hint = required === 'recommended' ? ` ${HOW_TO_GET_THEM}` : '';
    return { exitCode: 1, lines: [`ERROR: the ${required} models are incomplete.${hint} ${missing}`] };
  }
  if (setting !== 'auto' || !isIncomplete('recommended', failures, manifest))
    return { exitCode: 0, lines: [`WARNING: shadows of models that are missing will be left out. ${missing}`] };
  return {
    exitCode: 0,
    lines: [`WARNING: scoring with the baseline models: ${accuracyLost(manifest)} ${HOW_TO_GET_THEM} ${missing}`],
  };
}

const HOW_TO_GET_THEM =
  'Set LIVEGATE_MODEL_MIRROR=<dir with the files> or allow https to raw.githubusercontent.com, then run `npm run models:fetch`.';

function isIncomplete(profile: ProfileName, failures: readonly Failure[], manifest: Manifest): boolean {
  const ids = new Set(liveFilesOf(profile, manifest).map(({ id }) => id));
  return failures.some(({ model }) => ids.has(model.id));
}

function accuracyLost({ profiles }: Manifest): string {
  const percent = (profile: ProfileName) => `${(profiles[profile].singleImageEer * 100).toFixed(1)} %`;
  return `single-image equal error rate ${percent('baseline')} instead of about ${percent('recommended')}.`;
}

function describe(failures: readonly Failure[]): string {
  return `Missing: ${failures.map(({ model, message }) => `${model.id} (${message})`).join('; ')}`;
}
