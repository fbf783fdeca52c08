/** Brings rewritten models into the cache: made once, compared with their source, recorded by hash. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileNameOf, type ModelFile } from '../manifest.ts';
import { storeWhole } from '../store-whole.ts';
import { sha256 } from '../verify-file.ts';
import { type BuildRecord, builtPaths, readBuiltGraph, readRecord } from './built-graph.ts';
import { REWRITER_VERSION } from './rewriter-version.ts';

/** Largest difference with which a rewritten graph is used. Measured: below 1e-6 for every model of the manifest. */
export const MAX_DIFFERENCE = 1e-5;

type Cache = {
  modelsDir: string;
  report: (line: string) => void;
  /** Rewrites even what the cache holds. */
  isForced?: boolean;
};

/**
 * Builds what is missing, for those of the models whose pinned file lies in the cache. A model that cannot be rewritten
 * is recorded as such and keeps its source.
 */
export async function buildModels(models: readonly ModelFile[], cache: Cache): Promise<BuildRecord[]> {
  const records: BuildRecord[] = [];
  for (const model of models) {
    const file = join(cache.modelsDir, fileNameOf(model));
    const source = await readFile(file).catch(() => null);
    if (!source || sha256(source) !== model.sha256) continue;
    const kept = cache.isForced ? null : await keptRecord({ ...model, file });
    records.push(kept ?? (await buildModel(model, source, cache)));
  }
  return records;
}

/** The record of a finished build, which may be a refusal, or null when there is none or the file is not the recorded one. */
async function keptRecord(model: ModelFile & { file: string }): Promise<BuildRecord | null> {
  const record = await readRecord(model, dirname(model.file));
  return record && (record.sha256 === null || (await readBuiltGraph(model))) ? record : null;
}

async function buildModel(model: ModelFile, source: Uint8Array, cache: Cache): Promise<BuildRecord> {
  const { folder, file, record: recordFile } = builtPaths(model, cache.modelsDir);
  await mkdir(folder, { recursive: true });
  await removeOutdated(model, cache.modelsDir);
  const rewritten = await rewrite(model, source);
  const record = { source: model.sha256, rewriter: REWRITER_VERSION, ...rewritten.outcome };
  if (rewritten.bytes) await storeWhole(file, rewritten.bytes);
  await storeWhole(recordFile, Buffer.from(`${JSON.stringify(record)}\n`));
  cache.report(`${model.id}: ${rewritten.message}`);
  return record;
}

type Rewritten = { bytes: Uint8Array | null; outcome: Pick<BuildRecord, 'sha256' | 'difference'>; message: string };

async function rewrite(model: ModelFile, source: Uint8Array): Promise<Rewritten> {
  try {
    // Loaded here: onnxruntime takes longer to load than all the rest of an idle `models:fetch` takes.
    const [{ rewriteModel }, { compareModels }] = await Promise.all([
      import('./rewrite-model.ts'),
      import('./compare-models.ts'),
    ]);
    const bytes = rewriteModel(source);
    const difference = await compareModels({ model, source, rewritten: bytes });
    if (difference <= MAX_DIFFERENCE) {
      const message = `rewritten, differs by at most ${difference.toExponential(1)}.`;
      return { bytes, outcome: { sha256: sha256(bytes), difference }, message };
    }
    return refused(difference, `the rewritten graph differs by ${difference.toExponential(1)}`);
  } catch (error) {
    return refused(null, (error as Error).message);
  }
}

function refused(difference: number | null, why: string): Rewritten {
  return {
    bytes: null,
    // JSON has no infinity.
    outcome: { sha256: null, difference: difference === Number.POSITIVE_INFINITY ? null : difference },
    message: `runs as published, slower: ${why}.`,
  };
}

/** Files of other versions of this model or of the rewriter. */
async function removeOutdated(model: ModelFile, modelsDir: string): Promise<void> {
  const { folder, name } = builtPaths(model, modelsDir);
  const prefix = new RegExp(`^${model.id.replaceAll('.', '\\.')}-[0-9a-f]{16}-v\\d+\\.(onnx|json)$`);
  for (const entry of await readdir(folder)) {
    if (prefix.test(entry) && !entry.startsWith(`${name}.`)) await rm(join(folder, entry), { force: true });
  }
}
