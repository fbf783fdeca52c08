/** What a client keeps for less, or longer, than usual. */
import { ARTEFACTS, type Artefact, RETENTION } from '@livegate/domain/retention';
import type { Queryable } from './database.ts';

export type ListedPolicy = { artefact: Artefact; seconds: number; most: number; own: boolean };

/** Every artefact and how long this client's is kept, in the table's order; null when there is no such client. */
export async function listPolicies(db: Queryable, clientId: string): Promise<ListedPolicy[] | null> {
  const { rowCount } = await db.query(/* sql */ `select from clients where id = $1`, [clientId]);
  if (rowCount === 0) return null;
  const { rows } = await db.query(
    /* sql */ `select base.artefact, base.most, policy.seconds is not null as own,
                      extract(epoch from retention($1, base.artefact))::int as seconds
                 from retention_defaults base
                 left join retention_policies policy on policy.client_id = $1 and policy.artefact = base.artefact`,
    [clientId],
  );
  return ARTEFACTS.map((artefact) => rows.find((row) => row.artefact === artefact));
}

/** Sets how long a client's artefact is kept from now on (null: as usual). False when there is no such client, or it is too long. */
export async function setPolicy(
  db: Queryable,
  { clientId, artefact, seconds }: { clientId: string; artefact: Artefact; seconds: number | null },
): Promise<boolean> {
  if (seconds !== null && seconds > RETENTION[artefact].most) return false;
  if (seconds === null) {
    await db.query(/* sql */ `delete from retention_policies where client_id = $1 and artefact = $2`, [
      clientId,
      artefact,
    ]);
    return (await db.query(/* sql */ `select from clients where id = $1`, [clientId])).rowCount === 1;
  }
  const { rowCount } = await db.query(
    /* sql */ `insert into retention_policies (client_id, artefact, seconds) select id, $2, $3 from clients where id = $1
               on conflict (client_id, artefact) do update set seconds = excluded.seconds`,
    [clientId, artefact, seconds],
  );
  return rowCount === 1;
}
