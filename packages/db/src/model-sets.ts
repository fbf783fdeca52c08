/** Which models have scored here, ever: a check and its batches point to one of these rows. */
import type { Queryable } from './database.ts';

/** `digest`: lower-case hexadecimal SHA-256 of the rest. */
export type ModelSet = {
  digest: string;
  profile: string;
  models: readonly { id: string; sha256: string }[];
  recipe: unknown;
};

/** Notes a set; the same again changes nothing. */
export async function recordModelSet(db: Queryable, { digest, profile, models, recipe }: ModelSet): Promise<void> {
  await db.query(
    /* sql */ `insert into model_sets (digest, profile, models, recipe) values ($1, $2, $3, $4)
               on conflict (digest) do nothing`,
    [digest, profile, JSON.stringify(models), JSON.stringify(recipe)],
  );
}

/** The set that a finished check was scored with, or null: scored before sets were recorded, or never scored. */
export async function findModelSetOfCheck(db: Queryable, checkId: string): Promise<ModelSet | null> {
  const { rows } = await db.query(
    /* sql */ `select digest, profile, models, recipe from model_sets
                where digest = (select model_set from checks where id = $1)`,
    [checkId],
  );
  return rows[0] ?? null;
}
