import { describe, expect, it } from 'vitest';
import { concludeFetch } from './conclude-fetch.ts';
import { MANIFEST, type Model } from './manifest.ts';

function missing(...ids: string[]) {
  return MANIFEST.models.filter(({ id }) => ids.includes(id)).map((model: Model) => ({ model, message: 'no network' }));
}

describe('concludeFetch', () => {
  it.each(['auto', 'baseline', 'recommended'] as const)('is silent under %s when nothing is missing', (setting) => {
    expect(concludeFetch(setting, [], MANIFEST)).toEqual({ exitCode: 0, lines: [] });
  });

  it('falls back under auto with one line: accuracy lost, the remedy, what is missing', () => {
    const { exitCode, lines } = concludeFetch('auto', missing('jr_97.80', 'yunet_s_dynamic'), MANIFEST);
    expect(exitCode).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /WARNING.*10\.9 %.*8\.0 %.*LIVEGATE_MODEL_MIRROR=.*yunet_s_dynamic \(no network\); jr_97\.80/,
    );
  });

  it('refuses an explicit recommended that is incomplete', () => {
    const { exitCode, lines } = concludeFetch('recommended', missing('jr_97.80'), MANIFEST);
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatch(/ERROR.*recommended.*LIVEGATE_MODEL_MIRROR/);
  });

  it.each(['auto', 'baseline', 'recommended'] as const)(
    'refuses under %s without fr_liveness, which every profile needs',
    (setting) => {
      expect(concludeFetch(setting, missing('fr_liveness'), MANIFEST).exitCode).toBe(1);
    },
  );

  it.each(['auto', 'baseline', 'recommended'] as const)('warns under %s of a candidate’s model only', (setting) => {
    const [some] = missing('fr_liveness');
    if (!some) throw new Error('the manifest has no fr_liveness');
    const candidate = { model: { ...some.model, id: 'candidate' }, message: 'no network' };
    const { exitCode, lines } = concludeFetch(setting, [candidate], MANIFEST);
    expect(exitCode).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^WARNING: shadows .* candidate \(no network\)$/)]);
  });
});
