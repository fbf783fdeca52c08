/** A disk that can be filled: a small tmpfs, which takes root to mount. Where that is refused the caller is told loudly. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export type SmallDisk = {
  dir: string;
  /** Leaves no free byte. */
  fill(): Promise<void>;
  free(): Promise<void>;
  unmount(): void;
};

/** Null when this user or kernel may not mount. */
export async function mountSmallDisk(dir: string, megabytes: number): Promise<SmallDisk | null> {
  await mkdir(dir, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', dir]);
  if (mounted.status !== 0) {
    process.stderr.write(`\n*** SKIPPED: no tmpfs can be mounted here (root is needed): no disk will be full ***\n\n`);
    return null;
  }
  const filler = join(dir, 'filler');
  return {
    dir,
    fill: async () => {
      const file = await open(filler, 'a');
      try {
        const block = Buffer.alloc(64 * 1024);
        for (;;) {
          const { bavail, bsize } = await statfs(dir);
          if (bavail === 0) break;
          await file.write(block.subarray(0, Math.min(block.length, bavail * bsize)));
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
    unmount: () => {
      if (existsSync(dir)) spawnSync('umount', ['-l', dir]);
    },
  };
}
