/** The face detector for the page's hints, if the models are at hand: a file under a name that changes with its content. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type PageDetector = { name: string; url: string; bytes: Buffer };

/** The baseline's detector: 1.2 MB, MIT, from the npm registry. What it sees decides nothing; the server looks itself. */
const FILE = 'fr_detect.onnx';

/** Null where the file is missing: the page then gives no hints. */
export async function findPageDetector(modelsDir: string): Promise<PageDetector | null> {
  const bytes = await readFile(join(modelsDir, FILE)).catch(() => null);
  if (!bytes) return null;
  const name = `detector-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.onnx`;
  return { name, url: `/capture-assets/${name}`, bytes };
}
