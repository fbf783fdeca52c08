-- Which key directory this database belongs to, by a digest of a key in it that is never rotated. Services that find another,
-- or an empty one where a volume was not mounted, do not start: they would make keys that nobody finds again.
create table key_directory (
  only_row boolean primary key default true check (only_row),
  identity text not null check (identity ~ '^[0-9a-f]{32}$'),
  recorded_at timestamptz not null default now()
);
