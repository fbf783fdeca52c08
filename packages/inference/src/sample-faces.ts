/** Pictures with faces for tests and examples, from a pinned npm package: read, never installed, never redistributed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFromNpmPackage } from './npm-tarball.ts';
import { sha256 } from './verify-file.ts';

const PACKAGE = {
  package: '@vladmandic/face-api',
  version: '1.7.15',
  integrity: 'sha512-WDMmK3CfNLo8jylWqMoQgf4nIst3M0fzx1dnac96wv/dvMTN4DxC/Pq1DGtduDk1lktCamQ3MIDXFnvrdHTXDw==',
};

/** Path in the tarball and SHA-256, by name in the cache. */
const SAMPLES: Record<string, { path: string; sha256: string }> = {
  'sample1.jpg': {
    path: 'package/demo/sample1.jpg',
    sha256: '8ecae4b267b2d3169e06e00c7dee97097aa2a94635d45216f7732a5f4943cb51',
  },
  'sample6.jpg': {
    path: 'package/demo/sample6.jpg',
    sha256: '9baad80f9d5e306fb9b8c0913d44445f1e95848df317530efb03d0934c57ba87',
  },
};

/** The bytes of a sample, from the cache folder or else from npm. Throws when neither has the pinned file. */
export async function loadSample(name: string, folder: string): Promise<Uint8Array> {
  const sample = SAMPLES[name];
  if (!sample) throw new Error(`No sample is named ${name}.`);
  const file = join(folder, name);
  const cached = await readFile(file).catch(() => null);
  if (cached && sha256(cached) === sample.sha256) return cached;
  const bytes = (await readFromNpmPackage(PACKAGE, [sample.path])).get(sample.path) as Uint8Array;
  if (sha256(bytes) !== sample.sha256) throw new Error(`${name} is not the pinned sample.`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, bytes);
  return bytes;
}

/** The names that `loadSample` knows. */
export const SAMPLE_NAMES = Object.keys(SAMPLES);
