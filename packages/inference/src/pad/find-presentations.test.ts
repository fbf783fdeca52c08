import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeTree, requireBothSides } from './describe-tree.ts';
import { findPresentations } from './find-presentations.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'livegate-tree-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  }
}

async function found(): Promise<Record<string, { species: string | null; frames: number }>> {
  const presentations = await findPresentations(folder);
  return Object.fromEntries(
    presentations.map(({ name, species, frames }) => [name, { species, frames: frames.length }]),
  );
}

async function faultsFound(): Promise<string[]> {
  const faults: string[] = [];
  await findPresentations(folder, (fault) => faults.push(fault));
  return faults;
}

describe('findPresentations', () => {
  it.each([
    'live',
    'Live',
    'bonafide',
    'bona_fide',
    'Bona Fide',
    'bona-fide',
    'REAL',
    'genuine',
    'authentic',
    'client',
  ])('takes %s as bona fide', async (name) => {
    await put(`${name}/a.jpg`);
    expect(await found()).toEqual({ [`${name}/a.jpg`]: { species: null, frames: 1 } });
  });

  it.each(['attack', 'Attacks', 'spoof', 'Spoofs', 'fake', 'fakes'])('takes %s as a group of species', async (name) => {
    await put(`${name}/print/a.jpg`, `${name}/live/clip/1.jpg`, `${name}/b.jpg`);
    expect(await found()).toEqual({
      [`${name}/print/a.jpg`]: { species: 'print', frames: 1 },
      [`${name}/live/clip`]: { species: 'live', frames: 1 },
      [`${name}/b.jpg`]: { species: name, frames: 1 },
    });
  });

  it('takes any other folder as a species, whatever its name', async () => {
    await put('3D mask/a.jpg', 'constructor/a.jpg');
    expect(Object.values(await found()).map(({ species }) => species)).toEqual(['3D mask', 'constructor']);
  });

  it('takes the folder that holds the pictures as the recording', async () => {
    await put('live/s1/clip1/1.jpg', 'live/s1/clip1/2.jpg', 'live/s1/clip2/1.jpg', 'live/s1/still.png', 'live/a.jpg');
    expect(await found()).toEqual({
      'live/a.jpg': { species: null, frames: 1 },
      'live/s1': { species: null, frames: 1 },
      'live/s1/clip1': { species: null, frames: 2 },
      'live/s1/clip2': { species: null, frames: 1 },
    });
  });

  it('reads .jfif, and skips at every level what is not part of the set', async () => {
    await put(
      'live/a.jfif',
      'live/.b.jpg',
      'live/__MACOSX/b.jpg',
      'live/s1/@eaDir/b.jpg',
      '.git/b.jpg',
      'live/Thumbs.db',
    );
    expect(await found()).toEqual({ 'live/a.jfif': { species: null, frames: 1 } });
    expect(await faultsFound()).toEqual([]);
  });

  it('follows links to folders and files, and no link round in a circle', async () => {
    await put('live/a.jpg', 'elsewhere/clip/1.jpg');
    await symlink(join(folder, 'elsewhere'), join(folder, 'print'));
    await symlink(join(folder, 'live/a.jpg'), join(folder, 'live/b.jpg'));
    await symlink(folder, join(folder, 'live/above'));
    await symlink(join(folder, 'live'), join(folder, 'live/itself'));
    expect(Object.keys(await found())).toEqual(['elsewhere/clip', 'live/a.jpg', 'live/b.jpg', 'print/clip']);
  });

  it('says how many files of a format were left out, and which species has none that are read', async () => {
    await put('live/a.jpg', 'live/s1/clip.MP4', 'live/s2/clip.mp4', 'attack/replay/a.bmp', 'attack/mask/readme.txt');
    await put('print/a.jpg', 'print/labels.csv');
    await mkdir(join(folder, 'fakes'));
    expect(await faultsFound()).toEqual([
      'attack/replay: 1 file of .bmp left out: only JPEG, PNG and WebP are read',
      'live: 2 files of .mp4 left out: only JPEG, PNG and WebP are read',
      'attack/mask: no JPEG, PNG or WebP in it',
      'attack/replay: no JPEG, PNG or WebP in it',
      'fakes: no JPEG, PNG or WebP in it',
    ]);
  });

  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)('names a folder that cannot be read, and goes on', async () => {
    await put('live/a.jpg', 'print/locked/a.jpg', 'print/b.jpg');
    await chmod(join(folder, 'print/locked'), 0);
    const [names, faults] = [Object.keys(await found()), await faultsFound()];
    await chmod(join(folder, 'print/locked'), 0o700);
    expect(names).toEqual(['live/a.jpg', 'print/b.jpg']);
    expect(faults).toEqual([expect.stringMatching(/^print\/locked cannot be read: EACCES/)]);
  });

  it('takes a folder of more pictures than a call has arguments', async () => {
    await put('live/a.jpg');
    await Promise.all(Array.from({ length: 500 }, (_, at) => writeFile(join(folder, `live/${at}.jpg`), '')));
    // Each link shows the folder's 501 pictures again.
    await Promise.all(Array.from({ length: 299 }, (_, at) => symlink(join(folder, 'live'), join(folder, `p${at}`))));
    expect(await findPresentations(folder)).toHaveLength(300 * 501);
  }, 60_000);
});

describe('describeTree', () => {
  it('counts presentations and pictures of bona fide and of each species', async () => {
    await put('live/a.jpg', 'live/clip/1.jpg', 'live/clip/2.jpg', 'real/b.jpg', 'print/a.jpg', 'attack/print/b.jpg');
    expect(describeTree(await findPresentations(folder))).toEqual([
      'bona fide: 3 presentations of 4 pictures',
      'attack print: 2 presentations of 2 pictures',
    ]);
  });
});

describe('requireBothSides', () => {
  it('says where the missing side belongs', () => {
    const live = { name: 'live/a.jpg', species: null, frames: [] };
    expect(() => requireBothSides('set', [live])).toThrow(/set has no attack images.*set\/print/);
    expect(() => requireBothSides('set', [{ ...live, species: 'print' }])).toThrow(/no bona fide images.*set\/live/);
  });
});
