/**
 * A command with the file system that Docker Compose would give it: `read_only` holds for all of it, `tmpfs` is empty, and the volume
 * `keys` is there for who mounts it, and for nobody else. By a mount namespace, which takes Linux and root; elsewhere, said loudly, the
 * file system is this machine's and only the keys are as in the file.
 */
import { spawnSync } from 'node:child_process';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import type { ComposeService } from './compose-file.ts';

const PROBE = 'mount --make-rprivate / && mount -t tmpfs none /tmp && mount -o remount,bind,ro /';
const canContain = spawnSync('unshare', ['--mount', 'sh', '-c', PROBE]).status === 0;
if (!canContain) {
  process.stderr.write(
    '\n*** SKIPPED: no mount namespaces here: services were not run on a read-only file system ***\n\n',
  );
}

// Empty in every Debian, and not below /tmp, which is covered.
const KEYS = '/mnt';
const TREE = '/media';

export function asContainer(service: ComposeService, keys: string): { words: string[]; keyDir: string } {
  const [program = '', ...args] = service.command ?? [];
  const hasKeys = service.volumes?.includes('keys:/keys') === true;
  if (!canContain) return { words: [program, ...args], keyDir: hasKeys ? keys : '/proc/livegate' };
  const steps = [
    'mount --make-rprivate /',
    hasKeys ? `mount --bind '${keys}' ${KEYS}` : 'true',
    // A checkout below /tmp stays to be seen.
    `mount --bind '${repositoryRoot}' ${TREE}`,
    'mount -t tmpfs none /tmp',
    `mkdir -p '${repositoryRoot}' && mount --move ${TREE} '${repositoryRoot}'`,
    service.read_only ? `mount -o remount,bind,ro / && mount -o remount,bind,ro '${repositoryRoot}'` : 'true',
    `cd '${repositoryRoot}'`,
    'exec "$0" "$@"',
  ];
  return { words: ['unshare', '--mount', 'sh', '-c', steps.join(' && '), program, ...args], keyDir: KEYS };
}
