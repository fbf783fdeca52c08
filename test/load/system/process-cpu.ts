/** CPU that processes have used, by /proc: user and system, children that have ended included. Linux only. */
import { readdir, readFile } from 'node:fs/promises';

// USER_HZ is 100 on every Linux that Node runs on.
const MS_PER_TICK = 10;

/** Milliseconds of CPU of a process, and of all its living descendants. */
export async function cpuOfTree(pid: number): Promise<{ own: number; descendants: number }> {
  const stats = new Map<number, { parent: number; ms: number }>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
    if (stat) stats.set(Number(name), readStat(stat));
  }
  const sum = (root: number): number => {
    let ms = stats.get(root)?.ms ?? 0;
    for (const [child, { parent }] of stats) if (parent === root) ms += sum(child);
    return ms;
  };
  const own = stats.get(pid)?.ms ?? 0;
  return { own, descendants: sum(pid) - own };
}

/** The name may hold spaces and brackets: what counts begins after the last one. */
function readStat(stat: string): { parent: number; ms: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return { parent: Number(fields[1]), ms: ticks * MS_PER_TICK };
}
