/** Files out of a pinned npm package, by the user's own npm: its registry, proxy and credentials settings apply. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type NpmPackage = { package: string; version: string; integrity: string };

/**
 * Reads files of an npm package by their path in its tarball, without installing it or running any of its scripts.
 * Throws when npm fails, when the tarball is not the pinned one, and when a path is not in it.
 */
export async function readFromNpmPackage(
  pinned: NpmPackage,
  paths: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-npm-'));
  try {
    const tarball = await pack(pinned, folder);
    await verifyIntegrity(tarball, pinned);
    await runCommand('tar', ['-xzf', tarball, '-C', folder, ...paths]);
    const files = await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path))] as const));
    return new Map(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pack(pinned: NpmPackage, folder: string): Promise<string> {
  const spec = `${pinned.package}@${pinned.version}`;
  await runCommand('npm', ['pack', spec, '--pack-destination', folder, '--ignore-scripts', '--loglevel=error']);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm pack left no tarball of ${spec}.`);
  return join(folder, tarball);
}

async function verifyIntegrity(tarball: string, { package: name, version, integrity }: NpmPackage): Promise<void> {
  const found = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  if (found !== integrity) throw new Error(`${name}@${version} has integrity ${found}, pinned is ${integrity}.`);
}

/** Its stdout is dropped: npm prints the tarball's name there, and ours belongs to the caller. */
function runCommand(command: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${parameters[0]} failed with code ${code}: ${complaint.trim().slice(-500)}`));
    });
  });
}
