-- Why: a result names the very models that made it, by id and hash, and the recipe. Safe beside the old code: a new table, and columns that may be null.

create table model_sets (
  -- SHA-256 of profile, models and recipe: the same set is one row, however many workers use it.
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  profile text not null,
  -- [{id, sha256}], in the order in which they are asked.
  models jsonb not null,
  recipe jsonb not null,
  first_seen_at timestamptz not null default now()
);
alter table frame_batches add column model_set text references model_sets (digest);
alter table checks add column model_set text references model_sets (digest);
