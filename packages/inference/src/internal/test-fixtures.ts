/** What this package's tests share: real models, real faces, and a loud word when the shared folder is absent. */
import { existsSync } from 'node:fs';
import { env, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';
import sharp, { type Region } from 'sharp';
import { type Engine, openEngine } from '../engine.ts';
import { fetchModels } from '../fetch-models.ts';
import { filesOf, MANIFEST, type ProfileName } from '../manifest.ts';
import { resolveProfile } from '../profiles.ts';
import { loadSample } from '../sample-faces.ts';

const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));
// biome-ignore lint/style/noProcessEnv: imported by tests only, which have no main.ts to be configured by.
const sharedCandidate = env.LIVEGATE_SHARED_DIR ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));

/** Folder with models and pictures that are not part of the repository, or null. */
export const sharedDir = existsSync(`${sharedCandidate}/models`) ? sharedCandidate : null;

if (!sharedDir) {
  stderr.write(
    '\n*** SKIPPED: tests of the recommended models and of the shared pictures. Set LIVEGATE_SHARED_DIR. ***\n\n',
  );
}

/** Folder with the verified models of a profile; `recommended` needs the shared folder. */
export async function prepareModels(profile: ProfileName): Promise<string> {
  // Kept apart: a mirror used by tests must not change which profile `npm start` resolves.
  const modelsDir = `${repositoryRoot}.models${profile === 'recommended' ? '/tests' : ''}`;
  const mirrorDir = sharedDir ? `${sharedDir}/models` : undefined;
  const failures = await fetchModels(filesOf(profile, MANIFEST), { modelsDir, mirrorDir, report: () => {} });
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('; '));
  return modelsDir;
}

/** An engine over the real models of a profile. */
export async function openTestEngine(profile: ProfileName): Promise<Engine> {
  return openEngine({ profile: await resolveProfile({ setting: profile, modelsDir: await prepareModels(profile) }) });
}

/** PNG bytes of one woman's face and shoulders, 420x640; the face is about 238x318 at 79, 150. */
export async function oneFace(): Promise<Buffer> {
  return cutFromSample({ left: 1400, top: 110, width: 420, height: 640 });
}

/** PNG bytes of two faces of like size beside each other. */
export async function twoFaces(): Promise<Buffer> {
  return cutFromSample({ left: 1080, top: 110, width: 740, height: 640 });
}

/** Where the eyes of oneFace are, and the outline that a mask over its nose, mouth and chin would have. */
const EYES = [
  { x: 134, y: 262 },
  { x: 224, y: 283 },
] as const;
const MASK: readonly (readonly [number, number])[] = [
  [86, 262],
  [81, 329],
  [93, 390],
  [121, 441],
  [167, 454],
  [220, 427],
  [260, 380],
  [283, 314],
  [164, 327],
];

type Rgb = readonly [number, number, number];

/** oneFace with glasses painted over the eyes; `opacity` from 0 to 1. */
export async function withGlasses(colour: Rgb, opacity: number): Promise<Buffer> {
  const isLens = (x: number, y: number) => EYES.some((eye) => ((x - eye.x) / 38) ** 4 + ((y - eye.y) / 29) ** 4 < 1);
  return paintOver(isLens, { colour, opacity });
}

/** oneFace with a mask painted over nose, mouth and chin. */
export async function withMask(colour: Rgb): Promise<Buffer> {
  return paintOver((x, y) => isInside(MASK, x, y), { colour, opacity: 1 });
}

async function paintOver(isPainted: (x: number, y: number) => boolean, paint: { colour: Rgb; opacity: number }) {
  const { data, info } = await sharp(await oneFace())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let at = 0; at < data.length; at++) {
    const pixel = Math.floor(at / 3);
    if (!isPainted(pixel % info.width, Math.floor(pixel / info.width))) continue;
    data[at] = (data[at] as number) * (1 - paint.opacity) + (paint.colour[at % 3] as number) * paint.opacity;
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Whether a point lies inside a polygon: an odd number of its sides cross the line to the right. */
function isInside(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  const crossings = polygon.filter(([x1, y1], index) => {
    const [x2, y2] = polygon[(index + 1) % polygon.length] as readonly [number, number];
    return y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1);
  });
  return crossings.length % 2 === 1;
}

async function cutFromSample(region: Region): Promise<Buffer> {
  const sample = await loadSample('sample6.jpg', `${repositoryRoot}.models/samples`);
  return sharp(sample).extract(region).png().toBuffer();
}
