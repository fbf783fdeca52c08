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

const recipe = z.strictObject({
  /** Model id to the weight of its log-odds. */
  weights: z.record(z.string(), z.number()),
  /** Weight of the share of the square crops that lies outside the picture. */
  outsideShare: z.number(),
  intercept: z.number(),
  /** Monotone map of the fitted logit: sigmoid(slope * logit + offset). */
  calibration: z.strictObject({ slope: z.number().positive(), offset: z.number() }),
});

const profile = z.strictObject({ models: z.array(z.string()).nonempty(), recipe, singleImageEer: z.number() });

const manifestSchema = z
  .strictObject({
    models: z.array(z.discriminatedUnion('task', [detectionModel, presentationModel])),
    profiles: z.strictObject({ baseline: profile, recommended: profile }),
  })
  .superRefine(({ models, profiles }, context) => {
    const known = new Set(models.map((model) => model.id));
    for (const [name, { models: ids, recipe }] of Object.entries(profiles)) {
      const unknown = [...ids, ...Object.keys(recipe.weights)].filter((id) => !known.has(id) || !ids.includes(id));
      if (unknown.length > 0) context.addIssue(`profile ${name} names models it does not list: ${unknown.join(', ')}`);
    }
  });

export type DetectionModel = z.infer<typeof detectionModel>;
export type PresentationModel = z.infer<typeof presentationModel>;
export type Model = DetectionModel | PresentationModel;
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

/** The name of a model's file in the cache. */
export function fileNameOf(model: Model): string {
  return `${model.id}.onnx`;
}
