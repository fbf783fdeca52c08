// What the self-test takes away from the built code, as the text to find and its replacement: see self-test.ts.
export const MUTANTS = {
  'sweep-off': {
    why: 'Nothing enqueues a batch again that the queue lost.',
    file: '/services/lifecycle/dist/sweeps.js',
    replace: [[/\{ name: 'enqueue-due-batches',[^}]*\},/, '']],
  },
  'fencing-off': {
    why: 'A claim, a result and a release count whatever their generation.',
    file: '/packages/db/dist/frame-batches.js',
    replace: [
      [/and batch\.generation = \$2 and batch\.scored_at/, 'and ($2::int is not null) and batch.scored_at'],
      [
        /where id = \$1 and generation = \$2 and scored_at is null and given_up_at is null/g,
        'where id = $1 and $2::int is not null and scored_at is null and given_up_at is null',
      ],
    ],
  },
};

/** The mutated text. Throws when the mutant no longer fits the code: then it would prove nothing. */
export function mutate(name, text) {
  return MUTANTS[name].replace.reduce((current, [pattern, replacement]) => {
    const next = current.replace(pattern, replacement);
    if (next === current) throw new Error(`the mutant ${name} does not fit: ${pattern} was not found`);
    return next;
  }, text);
}
