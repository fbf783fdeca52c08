/** Which presentation a line of the metadata is about. */
import { posix } from 'node:path';
import type { Presentation } from './find-presentations.ts';
import type { Metadata } from './read-metadata.ts';

/** What is known by a presentation's name, and how many rows named one. */
export type MatchedMetadata = { metadata: Map<string, Metadata>; matched: number };

/** Rows are by what they name: a presentation by its path below `folder` or by the whole path, or a frame of it. */
export function matchMetadata(work: {
  rows: ReadonlyMap<string, Metadata>;
  presentations: readonly Presentation[];
  folder: string;
}): MatchedMetadata {
  const { rows, presentations, folder } = work;
  const names = new Map<string, string>();
  for (const { name, frames } of presentations) {
    names.set(name.normalize(), name);
    for (const frame of frames) names.set(frame.name.normalize(), name);
  }
  const metadata = new Map<string, Metadata>();
  let matched = 0;
  for (const [file, said] of rows) {
    const name = names.get(pathBelow(folder, file));
    if (name === undefined) continue;
    matched += 1;
    metadata.set(name, complete(said, metadata.get(name)));
  }
  return { metadata, matched };
}

/** As names of presentations are written: `/` between the parts, no `./`, letters with accents composed. */
function pathBelow(folder: string, file: string): string {
  const path = plain(file);
  const root = `${plain(folder)}/`;
  return path.startsWith(root) ? path.slice(root.length) : path;
}

function plain(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/')).normalize().replace(/\/$/, '');
}

/** The frames of a recording may have a row each, and not each with every cell. */
function complete(said: Metadata, before: Metadata = said): Metadata {
  return {
    subject: said.subject || before.subject,
    device: said.device || before.device,
    light: said.light || before.light,
  };
}
