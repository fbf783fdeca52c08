/** How the capture page looks for a client's people, and where it may be framed. */
import type { ChosenColours, Theme } from '@livegate/domain/brand-colours';
import type { Queryable } from './database.ts';

// The client of the first start has this name until somebody gives it one: it says nothing to a person.
const UNNAMED = 'default';

export type ClientPage = {
  /** Who asks, in words for people; null where the client has no such name. */
  name: string | null;
  colours: ChosenColours;
  frameOrigins: string[];
  /** The digest of each logo there is. */
  logos: Partial<Record<Theme, string>>;
};

/** What the page shows for this client, or null when there is none. */
export async function findClientPage(db: Queryable, clientId: string): Promise<ClientPage | null> {
  const { rows } = await db.query(
    /* sql */ `select coalesce(display_name, nullif(name, $2)) as name, colours, frame_origins as "frameOrigins",
                      (select coalesce(jsonb_object_agg(theme, digest), '{}') from client_logos where client_id = id) as logos
                 from clients where id = $1`,
    [clientId, UNNAMED],
  );
  return rows[0] ?? null;
}

type Change = { displayName?: string | null; colours?: ChosenColours; frameOrigins?: readonly string[] };

/** Changes what is named, `displayName: null` back to the client's name; false when there is no such client. */
export async function setClientPage(
  db: Queryable,
  { clientId, displayName, colours, frameOrigins }: Change & { clientId: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `update clients set display_name = case when $2 then $3 else display_name end,
                                 colours = coalesce($4, colours), frame_origins = coalesce($5, frame_origins)
                where id = $1`,
    [clientId, displayName !== undefined, displayName ?? null, colours ?? null, frameOrigins ?? null],
  );
  return rowCount === 1;
}

/** Keeps a client's logo for a theme in place of the one before; false when there is no such client. */
export async function setLogo(
  db: Queryable,
  { clientId, theme, digest, picture }: { clientId: string; theme: Theme; digest: string; picture: Buffer },
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `insert into client_logos (client_id, theme, digest, picture)
               select id, $2, $3, $4 from clients where id = $1
               on conflict (client_id, theme) do update set digest = excluded.digest, picture = excluded.picture`,
    [clientId, theme, digest, picture],
  );
  return rowCount === 1;
}

/** Takes a client's logo away; false when there is none. */
export async function removeLogo(
  db: Queryable,
  { clientId, theme }: { clientId: string; theme: Theme },
): Promise<boolean> {
  const { rowCount } = await db.query(/* sql */ `delete from client_logos where client_id = $1 and theme = $2`, [
    clientId,
    theme,
  ]);
  return rowCount === 1;
}

/** The picture with this digest, or null. */
export async function findLogo(db: Queryable, digest: string): Promise<Buffer | null> {
  const { rows } = await db.query(/* sql */ `select picture from client_logos where digest = $1 limit 1`, [digest]);
  return rows[0]?.picture ?? null;
}
