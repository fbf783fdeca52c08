import { cloneDatabase } from '@livegate/test-kit/postgres';
import { expect, it } from 'vitest';
import { WRAPPED_COLUMNS } from './wrapped-secrets.ts';

const { db } = await cloneDatabase();

/** Every column of bytes that holds no secret wrapped with a lasting key, and what it is. */
const OTHER_BYTES: Record<string, string> = {
  'api_keys.digest': 'a hash',
  'client_logos.picture': 'for everybody to see',
  'checks.link_digest': 'a hash',
  'checks.session_digest': 'a hash',
  'checks.data_key': 'wrapped with a key that ends',
  'checks.person_digest': 'a keyed hash',
  'checks.browser_digest': 'a hash',
  'handoffs.token_digest': 'a hash',
  'handoffs.from_digest': 'a hash',
  'handoffs.to_digest': 'a hash',
  'checks.device_digest': 'a keyed hash',
  'failures.subject': 'a keyed hash',
  'frames.fingerprint': 'a keyed hash',
  'frames.look': 'a keyed hash',
  'erasures.person_digest': 'a keyed hash',
  'audit_chain.link': 'a keyed hash',
  'frames.sha256': 'a hash',
  'frame_blobs.sealed': 'ciphertext',
  'events.body': 'what was told, without secrets',
  'delivery_attempts.response': 'what a receiver answered',
  'idempotency_keys.fingerprint': 'a hash',
  'operator_sessions.digest': 'a hash',
};

it('knows every column that a rotation must wrap anew: a new column of bytes has to say what it is', async () => {
  const { rows } = await db.query(
    `select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and data_type = 'bytea'`,
  );
  const known = [...WRAPPED_COLUMNS.map(({ table, column }) => `${table}.${column}`), ...Object.keys(OTHER_BYTES)];
  for (const { name } of rows) expect(known, 'a column of bytes').toContain(name);
});
