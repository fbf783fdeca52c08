/** Erases what is left of the persons whose erasure was asked for. */
import { advanceErasure, listChecksOfErasure, listErasuresToAdvance } from '@livegate/db/persons';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import { eraseOne } from '../erase-check.ts';
import type { SweepDeps } from '../sweep.ts';

export async function finishErasures(deps: SweepDeps): Promise<number> {
  let done = 0;
  await eachOnItsOwn(await listErasuresToAdvance(deps.db, 10), deps.logger, async (id) => {
    let erased = 0;
    try {
      await eachOnItsOwn(await listChecksOfErasure(deps.db, id, 100), deps.logger, async (checkId) => {
        if (await eraseOne(deps, { checkId, cause: 'person' })) erased += 1;
      });
    } finally {
      await deps.db.transaction((tx) => advanceErasure(tx, { id, erased }));
      done += erased;
    }
  });
  return done;
}
