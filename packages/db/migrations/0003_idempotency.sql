-- Why: a create that is repeated with the same Idempotency-Key is answered as the first was. Safe beside the old code: a new table.

create table idempotency_keys (
  client_id text not null references clients (id),
  key text not null,
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  -- The answer holds the check's secret and link, so it is kept wrapped.
  answer bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '24 hours',
  primary key (client_id, key)
);
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
