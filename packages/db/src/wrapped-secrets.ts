/** Secrets that are wrapped with a key-encryption key, wherever they lie: what a rotation of that key has to go through. */
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { Database, Queryable } from './database.ts';

type WrappedColumn = {
  table: string;
  column: string;
  /** Two expressions that name a row together and are of type text: `owner` first. */
  owner: string;
  subject: string;
  /** Finds the client of a row. */
  client: string;
  purpose: (row: { clientId: string; owner: string; subject: string }) => string;
};

/** Every such column: THE table. Data keys are not among them: their keys end by themselves. */
export const WRAPPED_COLUMNS: readonly WrappedColumn[] = [
  {
    table: 'checks',
    column: 'webhook_secret',
    owner: 'client_id',
    subject: 'id',
    client: 'client_id',
    purpose: ({ clientId, subject }) => keyPurpose.webhookSecret(clientId, subject),
  },
  {
    table: 'idempotency_keys',
    column: 'answer',
    owner: 'client_id',
    subject: 'key',
    client: 'client_id',
    purpose: ({ clientId, subject }) => keyPurpose.answer(clientId, subject),
  },
  {
    table: 'webhook_endpoint_secrets',
    column: 'wrapped',
    owner: 'endpoint_id',
    subject: 'sequence::text',
    client: '(select client_id from webhook_endpoints where id = endpoint_id)',
    purpose: ({ clientId, owner }) => keyPurpose.endpointSecret(clientId, owner),
  },
];

type Rewrap = {
  /** What wrapped bytes begin with when the newest key wrapped them. */
  newest: Buffer;
  /** Wraps anew; null when it cannot be unwrapped. */
  rewrap: (wrapped: Buffer, purpose: string) => Buffer | null;
};

const AT_ONCE = 200;

/** Wraps anew what the newest key did not wrap, a few rows at a time, beside the services. Rows that are lost stay as they are. */
export async function rewrapSecrets(db: Database, wish: Rewrap): Promise<{ rewrapped: number; lost: number }> {
  const total = { rewrapped: 0, lost: 0 };
  for (const column of WRAPPED_COLUMNS) {
    if (!(await exists(db, column))) continue;
    let after = { owner: '', subject: '' };
    for (;;) {
      const round = await db.transaction((tx) => rewrapSome(tx, column, { ...wish, after }));
      total.rewrapped += round.rewrapped;
      total.lost += round.lost;
      if (!round.last) break;
      after = round.last;
    }
  }
  return total;
}

/** How many secrets each key wraps, by what they begin with. */
export async function countWrapped(db: Queryable, prefixBytes: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, column } of WRAPPED_COLUMNS) {
    if (!(await exists(db, { table, column }))) continue;
    const { rows } = await db.query(
      `select encode(substring(${column} for $1), 'hex') as id, count(*)::int as wrapped from ${table}
        where ${column} is not null group by 1`,
      [prefixBytes],
    );
    for (const { id, wrapped } of rows) counts.set(id, (counts.get(id) ?? 0) + wrapped);
  }
  return counts;
}

async function rewrapSome(
  tx: Queryable,
  { table, column, owner, subject, client, purpose }: WrappedColumn,
  { newest, rewrap, after }: Rewrap & { after: { owner: string; subject: string } },
): Promise<{ rewrapped: number; lost: number; last: { owner: string; subject: string } | undefined }> {
  const { rows } = await tx.query(
    `select ${owner} as owner, ${subject} as subject, ${client} as "clientId", ${column} as wrapped from ${table}
      where ${column} is not null and substring(${column} for $1) <> $2 and (${owner}, ${subject}) > ($3, $4)
      order by ${owner}, ${subject} limit $5 for update`,
    [newest.length, newest, after.owner, after.subject, AT_ONCE],
  );
  let rewrapped = 0;
  for (const row of rows) {
    const fresh = rewrap(row.wrapped, purpose(row));
    if (!fresh) continue;
    await tx.query(`update ${table} set ${column} = $3 where ${owner} = $1 and ${subject} = $2`, [
      row.owner,
      row.subject,
      fresh,
    ]);
    rewrapped += 1;
  }
  return { rewrapped, lost: rows.length - rewrapped, last: rows.length === AT_ONCE ? rows.at(-1) : undefined };
}

async function exists(db: Queryable, { table, column }: Pick<WrappedColumn, 'table' | 'column'>): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `select from information_schema.columns where table_schema = 'public' and table_name = $1 and column_name = $2`,
    [table, column],
  );
  return rowCount === 1;
}
