/** Options of the form `--name value` and `--flag`, checked: a misspelt one must not silently run something else. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { Backend } from './cluster.ts';
import { FAULT_NAMES, type FaultName } from './nemesis.ts';

/** A command that was not understood: the message is for the reader, a stack would not be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type OptionName = 'only' | 'seed' | 'seeds' | 'seconds' | 'backend' | 'faults' | 'minutes' | 'people';

/** Throws with a sentence for the reader. */
export function readOptions(words: string[], names: readonly OptionName[], flags: readonly string[]) {
  const parsed = parseArgs({
    args: words,
    options: Object.fromEntries([
      ...names.map((name) => [name, { type: 'string' }] as const),
      ...flags.map((name) => [name, { type: 'boolean' }] as const),
    ]),
  });
  const values = parsed.values as Record<string, string | boolean | undefined>;
  const text = (name: OptionName) => values[name] as string | undefined;
  const number = (name: OptionName, otherwise: number): number => {
    const given = text(name);
    const value = given === undefined ? otherwise : Number(given);
    if (!Number.isFinite(value) || value < 0) throw new UsageError(`--${name} must be a number, not "${given}"`);
    return value;
  };
  return { text, number, has: (flag: string) => values[flag] === true };
}

export function readBackend(text: string | undefined): Backend {
  if (text === 'postgres' || text === 'redis') return text;
  if (text === undefined) return hasRedis() ? 'redis' : 'postgres';
  throw new UsageError(`--backend must be postgres or redis, not "${text}"`);
}

/** All of them when none are named. A prefix (`redis`, `receiver`) names its family. */
export function readFaults(text: string | undefined): FaultName[] | undefined {
  if (text === undefined) return undefined;
  return text.split(',').flatMap((word) => {
    const chosen = FAULT_NAMES.filter((name) => name === word || name.startsWith(`${word}-`));
    if (chosen.length === 0) throw new UsageError(`--faults: "${word}" is none of ${FAULT_NAMES.join(', ')}`);
    return chosen;
  });
}

export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}
