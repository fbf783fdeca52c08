import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import { oneFace, prepareModels } from './internal/test-fixtures.ts';
import { loadManifest, MANIFEST, type Manifest, type PresentationModel } from './manifest.ts';
import { describeModelSet } from './model-set.ts';
import { resolveProfile } from './profiles.ts';
import { scoreShadows } from './shadow-scores.ts';
import { sha256 } from './verify-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'livegate-manifest-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The shipped manifest, changed, as an operator's file. */
async function manifestWith(change: (manifest: typeof MANIFEST) => unknown): Promise<string> {
  const file = join(folder, 'manifest.json');
  const copy = structuredClone(MANIFEST);
  change(copy);
  await writeFile(file, JSON.stringify(copy));
  return file;
}

/** A candidate that judges more strictly, with one crop less. */
function addShadow(manifest: typeof MANIFEST): void {
  const { recipe } = manifest.profiles.baseline;
  const scale = { at60: recipe.scale.at60 + 2, at70: recipe.scale.at70 + 2 };
  manifest.profiles.baseline.shadows = [
    { name: 'strict-2', recipe: { ...recipe, scale, scales: { fr_liveness: [1, 1.5] } } },
  ];
}

describe('an operator’s manifest', () => {
  it('puts a model of their own in the place of another, without code', async () => {
    const modelsDir = join(folder, 'models');
    const from = await prepareModels('baseline');
    const file = await manifestWith(({ models }) => {
      const model = models.find(({ id }) => id === 'fr_liveness');
      if (model) Object.assign(model, { id: 'our_own', source: { type: 'file', path: 'our.onnx' } });
    });
    const text = (await readFile(file, 'utf8')).replaceAll('"fr_liveness"', '"our_own"');
    await writeFile(file, text);
    const manifest = await loadManifest(file);
    const own = manifest.models.find(({ id }) => id === 'our_own');
    expect(own?.source).toEqual({ type: 'file', path: join(folder, 'our.onnx') });

    const { mkdir } = await import('node:fs/promises');
    await mkdir(modelsDir);
    for (const id of ['fr_detect', 'fr_landmark'])
      await copyFile(join(from, `${id}.onnx`), join(modelsDir, `${id}.onnx`));
    await copyFile(join(from, 'fr_liveness.onnx'), join(modelsDir, 'our_own.onnx'));
    const engine = await openEngine({ profile: await resolveProfile({ setting: 'baseline', modelsDir, manifest }) });
    const { score, logOdds } = await engine.analyse(await oneFace());
    await engine.close();
    expect(score).not.toBeNull();
    expect(Object.keys(logOdds)).toEqual(['our_own']);
  });

  it.each([
    [
      'a model that is not listed',
      (manifest: typeof MANIFEST) => manifest.profiles.baseline.models.push('ghost'),
      /ghost/,
    ],
    [
      'a shadow over a detector',
      (manifest: typeof MANIFEST) => {
        addShadow(manifest);
        Object.assign(manifest.profiles.baseline.shadows[0]?.recipe.weights ?? {}, { fr_detect: 1 });
      },
      /fr_detect/,
    ],
    [
      'a recipe without a vote',
      (manifest: typeof MANIFEST) => {
        manifest.profiles.baseline.recipe.weights = {};
      },
      /at least one model must vote/,
    ],
    [
      'a scale that falls',
      (manifest: typeof MANIFEST) => {
        manifest.profiles.baseline.recipe.scale.at70 = -9;
      },
      /must rise/,
    ],
  ])('is refused for %s, by name', async (_fault, change, message) => {
    const file = await manifestWith(change);
    await expect(loadManifest(file)).rejects.toThrow(message);
    await expect(loadManifest(file)).rejects.toThrow(/manifest\.json/);
  });

  it('is refused when it cannot be read or is not JSON', async () => {
    await expect(loadManifest(join(folder, 'none.json'))).rejects.toThrow(/cannot be read/);
    await writeFile(join(folder, 'manifest.json'), '{');
    await expect(loadManifest(join(folder, 'manifest.json'))).rejects.toThrow(/is not JSON/);
  });
});

describe('shadows', () => {
  it('score beside the live recipe and change nothing that it says, nor its identity', async () => {
    const modelsDir = await prepareModels('baseline');
    const live = await resolveProfile({ setting: 'baseline', modelsDir });
    const manifest = await loadManifest(await manifestWith(addShadow));
    const shadowed = await resolveProfile({ setting: 'baseline', modelsDir, manifest });
    const [alone, beside] = [await openEngine({ profile: live }), await openEngine({ profile: shadowed })];
    const image = await oneFace();
    const [without, withShadow] = [await alone.analyse(image), await beside.analyse(image)];
    await Promise.all([alone.close(), beside.close()]);
    expect(without.shadowScores).toEqual({});
    expect({ ...withShadow, timings: {}, shadowScores: {} }).toEqual({ ...without, timings: {} });
    const shadow = withShadow.shadowScores['strict-2'] as number;
    expect(shadow).toBeGreaterThan(0);
    expect(shadow).toBeLessThan(withShadow.score as number);
    expect(describeModelSet(shadowed).digest).toBe(describeModelSet(live).digest);
  });

  it('that fail cost their own score only', async () => {
    const { recipe } = MANIFEST.profiles.baseline;
    const model = MANIFEST.models.find(({ id }) => id === 'fr_liveness');
    if (model?.task !== 'presentation') throw new Error('the manifest has no fr_liveness');
    const broken = { run: () => Promise.reject(new Error('broken')), close: async () => undefined };
    const mute = { ...broken, run: async () => ({ said: Float32Array.of(Number.NaN, 0) }) };
    const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
    const face = { x: 10, y: 10, width: 40, height: 40 };
    const shadows = Object.entries({ broken, mute }).map(([name, session]) => ({
      name,
      recipe,
      scorers: [{ model, session }],
    }));
    expect(await scoreShadows({ shadows, picture, face, faceLuma: 120 })).toEqual({ broken: null, mute: null });
  });
});

describe('a shadow that cannot score', () => {
  /** A manifest with two candidates over the live model, and one of a model of its own. */
  async function withCandidate(change: Partial<PresentationModel>): Promise<Manifest> {
    return loadManifest(
      await manifestWith((manifest) => {
        addShadow(manifest);
        const { models, profiles } = manifest;
        const live = models.find(({ id }) => id === 'fr_liveness');
        if (live?.task !== 'presentation') throw new Error('the manifest has no fr_liveness');
        models.push({ ...live, id: 'candidate', ...change });
        const recipe = { ...profiles.baseline.recipe, weights: { candidate: 1 }, outsideCorrection: {} };
        profiles.baseline.shadows.unshift({ name: 'candidate-1', recipe });
      }),
    );
  }

  /** The cache with the live models, and a candidate's file of this content. */
  async function cacheWith(candidate: Uint8Array | null): Promise<string> {
    const from = await prepareModels('baseline');
    for (const id of ['fr_detect', 'fr_landmark', 'fr_liveness'])
      await copyFile(join(from, `${id}.onnx`), join(folder, `${id}.onnx`));
    if (candidate) await writeFile(join(folder, 'candidate.onnx'), candidate);
    return folder;
  }

  const garbage = Buffer.from('not a model');

  it.each([
    { fault: 'is missing', change: {}, file: async () => null, why: /missing .*candidate\.onnx/ },
    { fault: 'is another', change: {}, file: async () => garbage, why: /is not the pinned model candidate/ },
    { fault: 'does not open', change: { sha256: sha256(garbage) }, file: async () => garbage, why: /./ },
    {
      fault: 'fails its self-test',
      change: { liveIndex: 9 },
      file: async () => readFile(join(await prepareModels('baseline'), 'fr_liveness.onnx')),
      why: /candidate fails the self-test/,
    },
  ])('because its model $fault is dropped alone, and said', async ({ change, file, why }) => {
    const dropped: string[] = [];
    const onShadowDropped = (name: string, { message }: Error) => dropped.push(`${name}: ${message}`);
    const modelsDir = await cacheWith(await file());
    const manifest = await withCandidate(change);
    const profile = await resolveProfile({ setting: 'baseline', modelsDir, manifest, onShadowDropped });
    const engine = await openEngine({ profile, onShadowDropped });
    const { score, shadowScores } = await engine.analyse(await oneFace());
    await engine.close();
    expect(score).not.toBeNull();
    expect(shadowScores).toEqual({ 'strict-2': expect.any(Number) });
    expect(dropped).toEqual([expect.stringMatching(/^candidate-1: /)]);
    expect(dropped[0]).toMatch(why);
  });

  it('has no say in which profile serves', async () => {
    const modelsDir = await cacheWith(null);
    const manifest = await withCandidate({});
    manifest.profiles.recommended = manifest.profiles.baseline;
    const onShadowDropped = () => undefined;
    expect((await resolveProfile({ setting: 'auto', modelsDir, manifest, onShadowDropped })).name).toBe('recommended');
  });
});

describe('describeModelSet', () => {
  it('changes with any model and with the recipe', async () => {
    const profile = await resolveProfile({ setting: 'baseline', modelsDir: await prepareModels('baseline') });
    const { digest, models } = describeModelSet(profile);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(models.map(({ id }) => id)).toEqual(['fr_detect', 'fr_liveness', 'fr_landmark']);
    const otherRecipe = { ...profile, recipe: { ...profile.recipe, limit: 4 } };
    const otherModel = { ...profile, landmarks: { ...profile.landmarks, sha256: '0'.repeat(64) } };
    expect(new Set([digest, describeModelSet(otherRecipe).digest, describeModelSet(otherModel).digest]).size).toBe(3);
  });
});
