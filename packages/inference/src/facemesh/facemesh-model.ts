/**
 * The landmark net of head motion: facemesh of @vladmandic/human (MIT; MediaPipe's face mesh), 468 points with depth.
 * It is published for TensorFlow.js only, so it is converted once, at `models:fetch`; both ends are pinned.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findInMirror } from '../find-in-mirror.ts';
import { readFromNpmPackage } from '../npm-tarball.ts';
import { rewriteModel } from '../rewrite/rewrite-model.ts';
import { storeWhole } from '../store-whole.ts';
import { hashFile, sha256 } from '../verify-file.ts';
import { convertGraphModel } from './convert-graph.ts';

export const FACEMESH = {
  source: {
    package: '@vladmandic/human',
    version: '3.3.6',
    integrity: 'sha512-Nr5mPfq1gQ+uKeXY5uM3Fj8UxvF5CEh2s6txM5wRThqaW0mF9huooOuZSrT8hhGho0hGaXLFdAwfD/2+teCv6A==',
    graph: 'package/models/facemesh.json',
    weights: 'package/models/facemesh.bin',
  },
  licence: 'MIT',
  /** Of the converted file: the conversion is arithmetic on pinned bytes, so it has one result. */
  bytes: 2_439_731,
  sha256: '33f0176282d43937edafa287caac54ca900a603a7126f9305f8c9910d9025be8',
  /** Pixels of the input's sides; RGB / 255. */
  side: 192,
  points: 468,
} as const;

/** Outputs by the names of the graph. */
export const FACEMESH_OUTPUTS = { mesh: 'Identity_2', faceFlag: 'Identity_1' } as const;

/** Where the converted model lies. */
export function facemeshFile(modelsDir: string): string {
  return join(modelsDir, 'facemesh.onnx');
}

type Cache = { modelsDir: string; mirrorDir?: string | undefined; report: (line: string) => void };

/**
 * Brings the model into the cache unless it is there: the converted file from a mirror, else converted from its npm package.
 * Throws when npm fails or a hash differs.
 */
export async function fetchFacemesh(cache: Cache): Promise<void> {
  const file = facemeshFile(cache.modelsDir);
  if ((await hashFile(file)) === FACEMESH.sha256) return;
  const mirrored = (await findInMirror([FACEMESH], { mirrorDir: cache.mirrorDir, report: cache.report })).get(
    FACEMESH.sha256,
  );
  if (mirrored) {
    await storeWhole(file, mirrored);
    return cache.report('facemesh: verified, from the mirror.');
  }
  const { graph, weights, ...pinned } = FACEMESH.source;
  cache.report(`Fetching facemesh from npm package ${pinned.package}@${pinned.version} ...`);
  const files = await readFromNpmPackage(pinned, [graph, weights]);
  const bytes = convertFacemesh(files.get(graph) as Uint8Array, files.get(weights) as Uint8Array);
  const found = sha256(bytes);
  if (found !== FACEMESH.sha256) throw new Error(`facemesh converts to SHA-256 ${found}, pinned is ${FACEMESH.sha256}`);
  await storeWhole(file, bytes);
  cache.report('facemesh: converted and verified.');
}

function convertFacemesh(graph: Uint8Array, weights: Uint8Array): Uint8Array {
  const converted = convertGraphModel({
    json: Buffer.from(graph).toString('utf8'),
    weights,
    side: FACEMESH.side,
    outputs: { [FACEMESH_OUTPUTS.mesh]: FACEMESH.points * 3, [FACEMESH_OUTPUTS.faceFlag]: 1 },
  });
  return rewriteModel(converted);
}

/** The verified bytes of the model. Throws with what to do when the file is missing or another. */
export async function readFacemesh(modelsDir: string): Promise<Uint8Array> {
  const file = facemeshFile(modelsDir);
  const bytes = await readFile(file).catch(() => null);
  if (!bytes) throw new Error(`${file} is missing: run \`npm run models:fetch\`.`);
  const found = sha256(bytes);
  if (found === FACEMESH.sha256) return bytes;
  throw new Error(
    `${file} is not the pinned model: expected SHA-256 ${FACEMESH.sha256}, got ${found}. Delete it and run \`npm run models:fetch\`.`,
  );
}
