-- Why: a capture can be handed over to the person's phone by a one-time token; how frames were encoded is evidence. Safe beside the old code: a new table and a nullable column.

-- The last hand-over that was offered for a check: a new offer takes the place of the one before.
create table handoffs (
  check_id text primary key references checks (id) on delete cascade,
  token_digest bytea not null unique check (octet_length(token_digest) = 32),
  -- Digests of the cookies of the browser that offered, and of the one that took it.
  from_digest bytea not null check (octet_length(from_digest) = 32),
  to_digest bytea check (octet_length(to_digest) = 32),
  expires_at timestamptz not null,
  taken_at timestamptz,
  constraint taken_is_whole check ((to_digest is null) = (taken_at is null))
);

-- Size, kind, segments and tables of the JPEG, as packages/domain/src/jpeg-encoding.ts tells them; nothing of the picture.
alter table frames add column encoding text;
