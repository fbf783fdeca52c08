/** Faults of the key directory: a volume that goes away, a rotation in the middle of everything, a key that is gone for good. */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openKeyRing } from '@livegate/crypto/key-ring';
import type { Cluster } from './cluster.ts';
import type { Heal } from './fault.ts';

/** New keys wrap and sign from now on; nothing that runs is told, as after `npm run admin -- keys rotate`. */
export async function rotateKeys({ keyDir }: Cluster): Promise<Heal> {
  const ring = await openKeyRing({ dir: keyDir });
  await ring.rotate();
  await ring.signing.rotate();
  return () => undefined;
}

const AWAY = '.away';
const EPOCH = /^epoch-.*\.key$/;
const KEY = /\.(key|json|jwk)$/;

/** No key can be found, as when their volume is not mounted. */
export async function takeKeysAway({ keyDir }: Cluster): Promise<Heal> {
  for (const place of placesOf(keyDir)) await renameAll(place, KEY, (name) => `${name}${AWAY}`);
  return () => bringKeysBack(keyDir);
}

/** What was made meanwhile under a name that had one is hidden, as by a volume that is mounted over it. */
export async function bringKeysBack(keyDir: string): Promise<void> {
  for (const place of placesOf(keyDir)) {
    await renameAll(place, /\.away$/, (name) => name.slice(0, -AWAY.length));
  }
}

/** The keys of every open check are destroyed: what they sealed is lost, and each check must still come to an end. */
export async function destroyEpochKeys({ keyDir }: Cluster): Promise<Heal> {
  const epochs = join(keyDir, 'epochs');
  for (const name of await readdir(epochs)) if (EPOCH.test(name)) await rm(join(epochs, name), { force: true });
  return () => undefined;
}

const placesOf = (keyDir: string) => [keyDir, join(keyDir, 'epochs'), join(keyDir, 'signing')];

async function renameAll(dir: string, form: RegExp, newName: (name: string) => string): Promise<void> {
  for (const name of (await readdir(dir)).filter((each) => form.test(each))) {
    await rename(join(dir, name), join(dir, newName(name))).catch((error: NodeJS.ErrnoException) => {
      // A service may destroy an ended key at the same moment.
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
