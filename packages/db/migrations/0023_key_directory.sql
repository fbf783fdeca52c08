-- Why: which key directory this database belongs to, so that services that find another one, or an empty one where a volume was not mounted, make no keys that nobody finds again. Safe beside the old code: it does not look.

create table key_directory (
  only_row boolean primary key default true check (only_row),
  identity text not null check (identity ~ '^[0-9a-f]{32}$'),
  recorded_at timestamptz not null default now()
);
