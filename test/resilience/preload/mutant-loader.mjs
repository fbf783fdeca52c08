import { MUTANTS, mutate } from './mutants.mjs';

let mutant = '';

export function initialize({ name }) {
  mutant = name;
}

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!new URL(url).pathname.endsWith(MUTANTS[mutant].file)) return loaded;
  return { ...loaded, source: mutate(mutant, String(loaded.source)) };
}
