import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { assertOurs, copyBinaries, findBinaries, linkLibraries } from './binaries.ts';
import { serverEnvironment } from './server-environment.ts';

/** How the server's programs are run here. */
export type Footing = {
  /** For the log: which rung of the ladder this is. */
  how: string;
  /** Words before the program: the tools that drop privileges and tie its life to ours. */
  prefix: string[];
  /** The folder with `bin/postgres`. */
  native: string;
  /** The folder that holds the cluster and its password. */
  home: string;
  /** The user that must own the cluster's files; null where that is simply ourselves. */
  owner: number | null;
  /** Whether the kernel stops the server when this process dies. */
  diesWithUs: boolean;
};

// `nobody` on Debian, Fedora and Alpine alike. Postgres refuses root, and wants a user that has a passwd entry.
const NOBODY = 65_534;

/** Finds a way to run Postgres that works for this user, this folder and this kernel; throws where none does. */
export function findFooting(dataDir: string): Footing {
  const native = findBinaries();
  linkLibraries(native);
  // SIGINT is Postgres's fast shutdown: sessions are cut, the data directory is left clean.
  const tie = succeeds(['setpriv', '--pdeathsig', 'INT', 'true']) ? ['setpriv', '--pdeathsig', 'INT'] : [];
  const ladder = process.getuid?.() === 0 ? rungsForRoot : rungsForUser;
  for (const rung of ladder({ native, dataDir, tie })) {
    const footing = rung();
    if (footing) return footing;
  }
  throw new Error('Postgres cannot be run here by this user: give a database URL, or start as a normal user');
}

type Ground = { native: string; dataDir: string; tie: string[] };
type Rung = () => Footing | undefined;

function rungsForUser({ native, dataDir, tie }: Ground): Rung[] {
  const as = (how: string, from: string): Footing | undefined => {
    if (!runs(tie, from)) return undefined;
    const home = makeHome(dataDir, 0o700);
    return { how, prefix: tie, native: from, home, owner: null, diesWithUs: tie.length > 0 };
  };
  return [() => as('as this user', native), () => as('as this user, binaries copied', copyBinaries(native))];
}

function rungsForRoot({ native, dataDir, tie }: Ground): Rung[] {
  const drop = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...tie.slice(1)];
  const asNobody = (how: string, place: { native: string; home: string }): Footing | undefined => {
    if (!runs(drop, place.native)) return undefined;
    // Others may pass through the home (to the cluster, which is closed) but not list it.
    const home = makeHome(place.home, 0o711);
    if (!succeeds([...drop, 'test', '-x', home])) return undefined;
    return { how, prefix: drop, native: place.native, home, owner: NOBODY, diesWithUs: tie.length > 0 };
  };
  const asMappedRoot = (): Footing | undefined => {
    // Inside the namespace root is called nobody, so Postgres agrees; the files stay root's, also under /root.
    const prefix = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, ...tie];
    if (!runs(prefix, native)) return undefined;
    const home = makeHome(dataDir, 0o700);
    return { how: 'in a user namespace', prefix, native, home, owner: 0, diesWithUs: tie.length > 0 };
  };
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return [
    () => asNobody('as nobody', { native, home: dataDir }),
    asMappedRoot,
    () => asNobody('as nobody, binaries copied', { native: copyBinaries(native), home: dataDir }),
    () => {
      const moved = asNobody('as nobody, all moved', {
        native: copyBinaries(native),
        home: `/var/tmp/livegate-${key}`,
      });
      if (moved) assertOurs(moved.home, 0);
      return moved;
    },
  ];
}

/** Makes the folder where it is missing; its real path, since a server is recognised by the path it was given. */
function makeHome(home: string, mode: number): string {
  // The umask may have taken the right to pass through; a folder that was there keeps the mode its owner chose.
  if (mkdirSync(home, { recursive: true, mode }) !== undefined) chmodSync(home, mode);
  return realpathSync(home);
}

function runs(prefix: string[], native: string): boolean {
  return succeeds([...prefix, join(native, 'bin', 'postgres'), '--version']);
}

function succeeds([command = '', ...words]: string[]): boolean {
  return spawnSync(command, words, { cwd: '/', env: serverEnvironment, stdio: 'ignore' }).status === 0;
}
