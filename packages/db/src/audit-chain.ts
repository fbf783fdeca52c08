/** The chain over both append-only logs: which rows are in it, which are not yet, and the seals over it. */
import type { Queryable } from './database.ts';

export type AuditSource = 'transitions' | 'acts';
export type AuditLine = { source: AuditSource; sequence: number; line: string };
export type ChainLink = { position: number; source: AuditSource; sequence: number; link: Buffer };
export type Seal = { seal: number; firstPosition: number; lastPosition: number; jws: string };

// Spells SEAL.
const LOCK_KEY = 0x5345414c;
// A row may be committed after rows that were numbered later, by as much as a transaction may last: these are looked at again.
const LOOK_BACK_ROWS = 20_000;

/** Takes the right to seal, for this transaction; false while another has it. */
export async function trySealing(tx: Queryable): Promise<boolean> {
  const { rows } = await tx.query('select pg_try_advisory_xact_lock($1) as taken', [LOCK_KEY]);
  return rows[0].taken;
}

/** The last link of the chain and the number of the last seal; null for an empty chain. */
export async function findHead(db: Queryable): Promise<{ position: number; link: Buffer; seal: number } | null> {
  const { rows } = await db.query(
    /* sql */ `select position::int8, link, (select coalesce(max(seal), 0) from audit_seals) as seal
                 from audit_chain order by position desc limit 1`,
  );
  return rows[0] ? { position: Number(rows[0].position), link: rows[0].link, seal: Number(rows[0].seal) } : null;
}

/** How far the chain was seen to have come, kept where who has the database alone cannot write. */
type RememberedHead = { position: number; seal: number; link: string };

/** In words, what the chain lacks of what is remembered of it; null when it goes on from there. */
export async function findCut(db: Queryable, remembered: RememberedHead | null): Promise<string | null> {
  const found = await findHead(db);
  if (!remembered) return found && 'the key directory holds no audit-head.json: how far the log had come is not known';
  const { position, seal, link } = remembered;
  // Nothing is remembered but that it began.
  if (position === 0) return null;
  const { rows } = await db.query(/* sql */ `select link from audit_chain where position = $1`, [position]);
  if (rows[0]?.link.toString('hex') === link) return null;
  if (rows[0]) return `row ${position} (seal ${seal}) is not the one that the log had come to`;
  return `the log ends at row ${found?.position ?? 0} (seal ${found?.seal ?? 0}), and had come to row ${position} (seal ${seal})`;
}

/** Rows of both logs that no link holds, in the order in which they were numbered. */
export async function listUnchained(tx: Queryable, limit: number): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  for (const source of ['transitions', 'acts'] as const) {
    const { rows } = await tx.query(
      /* sql */ `select sequence, line from audit_lines
                  where source = $1
                    and sequence > (select coalesce(max(sequence), 0) - $2 from audit_chain where source = $1)
                    and not exists (select from audit_chain
                                     where audit_chain.source = $1 and audit_chain.sequence = audit_lines.sequence)
                  order by sequence limit $3`,
      [source, LOOK_BACK_ROWS, limit],
    );
    lines.push(...rows.map((row) => ({ source, sequence: Number(row.sequence), line: row.line as string })));
  }
  return lines;
}

/** Adds links and the seal over them. */
export async function appendSealed(tx: Queryable, links: readonly ChainLink[], seal: Seal): Promise<void> {
  await tx.query(
    /* sql */ `insert into audit_chain (position, source, sequence, link)
               select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[])`,
    [
      links.map(({ position }) => position),
      links.map(({ source }) => source),
      links.map(({ sequence }) => sequence),
      links.map(({ link }) => link),
    ],
  );
  await tx.query(
    /* sql */ `insert into audit_seals (seal, first_position, last_position, jws) values ($1, $2, $3, $4)`,
    [seal.seal, seal.firstPosition, seal.lastPosition, seal.jws],
  );
}

/** Links from a position on, each with the row that it is about as that row is now; null: the row is gone. */
export async function listLinks(
  db: Queryable,
  { from, limit }: { from: number; limit: number },
): Promise<(ChainLink & { line: string | null })[]> {
  const { rows } = await db.query(
    /* sql */ `select position, chain.source, chain.sequence, link, audit_lines.line
                 from audit_chain chain
                 left join audit_lines on audit_lines.source = chain.source and audit_lines.sequence = chain.sequence
                where position >= $1 order by position limit $2`,
    [from, limit],
  );
  return rows.map((row) => ({ ...row, position: Number(row.position), sequence: Number(row.sequence) }));
}

/** Seals from a number on, in order. */
export async function listSeals(db: Queryable, { from, limit }: { from: number; limit: number }): Promise<Seal[]> {
  const { rows } = await db.query(
    /* sql */ `select seal, first_position as "firstPosition", last_position as "lastPosition", jws
                 from audit_seals where seal >= $1 order by seal limit $2`,
    [from, limit],
  );
  return rows.map((row) => ({
    seal: Number(row.seal),
    firstPosition: Number(row.firstPosition),
    lastPosition: Number(row.lastPosition),
    jws: row.jws,
  }));
}

/** The oldest row of either log that no link holds though it is older than `minutes`; null when there is none. */
export async function findForgotten(
  db: Queryable,
  { minutes }: { minutes: number },
): Promise<Omit<AuditLine, 'line'> | null> {
  const { rows } = await db.query(
    /* sql */ `select source, sequence from audit_lines
                where at < now() - make_interval(mins => $1)
                  and not exists (select from audit_chain
                                   where audit_chain.source = audit_lines.source and audit_chain.sequence = audit_lines.sequence)
                order by at limit 1`,
    [minutes],
  );
  return rows[0] ? { source: rows[0].source, sequence: Number(rows[0].sequence) } : null;
}
