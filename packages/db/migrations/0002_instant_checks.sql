-- Why: instant checks: one image, answered in the request. Safe beside the old code: only new tables and nullable columns.

create table collections (
  id text primary key,
  client_id text not null references clients (id),
  name text not null,
  created_at timestamptz not null default now(),
  unique (client_id, name)
);

alter table checks
  add column collection_id text references collections (id),
  add column capture_os text;

-- What the picture itself was, for contracts that print it: pixels after orientation, and every face found.
alter table frames
  add column width integer,
  add column height integer,
  add column faces jsonb;

-- Admission control looks at the oldest batch that nobody has started.
create index frame_batches_waiting on frame_batches (created_at)
  where scored_at is null and given_up_at is null and attempts_started = 0;
