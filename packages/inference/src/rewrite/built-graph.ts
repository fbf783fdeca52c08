/** Rewritten models in the cache: which file belongs to which source, and whether it is the one that was checked. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ModelFile } from '../manifest.ts';
import { sha256 } from '../verify-file.ts';
import { REWRITER_VERSION } from './rewriter-version.ts';

const recordSchema = z.strictObject({
  /** SHA-256 of the model it was made from. */
  source: z.string(),
  rewriter: z.int(),
  /** SHA-256 of the rewritten file, or null when the rewritten graph was refused. */
  sha256: z.string().nullable(),
  /** The largest difference of an output to the source's, as a share of the source's largest output. */
  difference: z.number().nullable(),
});

/** What `models:build` found out about one model. */
export type BuildRecord = z.infer<typeof recordSchema>;

/** Bytes of a rewritten model, equal to what was checked when it was built. */
export type BuiltGraph = { bytes: Uint8Array; sha256: string };

/** The paths of a model's rewritten file and of its record, below the folder that holds the models. */
export function builtPaths(model: Pick<ModelFile, 'id' | 'sha256'>, modelsDir: string) {
  const name = `${model.id}-${model.sha256.slice(0, 16)}-v${REWRITER_VERSION}`;
  const folder = join(modelsDir, 'built');
  return { folder, name, file: join(folder, `${name}.onnx`), record: join(folder, `${name}.json`) };
}

/** The record of this very source and rewriter, or null. */
export async function readRecord(
  model: Pick<ModelFile, 'id' | 'sha256'>,
  modelsDir: string,
): Promise<BuildRecord | null> {
  const text = await readFile(builtPaths(model, modelsDir).record, 'utf8').catch(() => null);
  if (text === null) return null;
  const { data: record } = recordSchema.safeParse(parseJson(text));
  return record?.source === model.sha256 && record.rewriter === REWRITER_VERSION ? record : null;
}

/** The rewritten model when it lies in the cache, unchanged since it was checked; else null: then the source serves. */
export async function readBuiltGraph(model: ModelFile & { file: string }): Promise<BuiltGraph | null> {
  const modelsDir = dirname(model.file);
  const record = await readRecord(model, modelsDir);
  if (!record?.sha256) return null;
  const bytes = await readFile(builtPaths(model, modelsDir).file).catch(() => null);
  return bytes && sha256(bytes) === record.sha256 ? { bytes, sha256: record.sha256 } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
