-- Why: account-level webhook endpoints beside a check's own webhook_url. Safe beside the old code: new tables, one nullable column, a unique key made wider.

create table webhook_endpoints (
  id text primary key,
  client_id text not null references clients (id),
  url text not null,
  origin text not null,
  description text not null default '',
  -- Which events it hears of; empty for all.
  events text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  disabled_at timestamptz,
  deleted_at timestamptz
);
create index webhook_endpoints_by_client on webhook_endpoints (client_id) where deleted_at is null;

-- The newest secret has no end; those before it go on signing until theirs.
create table webhook_endpoint_secrets (
  sequence bigint generated always as identity primary key,
  endpoint_id text not null references webhook_endpoints (id),
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);
create index webhook_endpoint_secrets_by_endpoint on webhook_endpoint_secrets (endpoint_id);

alter table deliveries add column endpoint_id text references webhook_endpoints (id);
create index deliveries_by_endpoint on deliveries (endpoint_id) where endpoint_id is not null and next_attempt_at is not null;

-- A check's own address may also be an endpoint's: each has its secret, so each is told.
alter table deliveries drop constraint deliveries_event_id_url_key;
create unique index deliveries_once_per_target on deliveries (event_id, coalesce(endpoint_id, ''));
