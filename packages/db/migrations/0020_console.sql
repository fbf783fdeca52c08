-- Why: the console: operators and their sessions, and indexes by which checks and deliveries are found newest first. Safe beside the old code: new tables and indexes.

create table operators (
  name text primary key check (name ~ '^[a-z][a-z0-9._-]{1,39}$'),
  role text not null check (role in ('viewer', 'operator', 'admin')),
  -- A right of its own: who runs a system need not see people's faces.
  sees_images boolean not null default false,
  -- scrypt with its parameters and salt (packages/crypto/src/password.ts).
  password_hash text not null,
  created_at timestamptz not null default now(),
  password_set_at timestamptz not null default now(),
  signed_in_at timestamptz,
  disabled_at timestamptz
);

create table operator_sessions (
  digest bytea primary key check (octet_length(digest) = 32),
  operator text not null references operators (name),
  opened_at timestamptz not null default now(),
  -- When the person last did something; looking on does not count.
  seen_at timestamptz not null default now(),
  ends_at timestamptz not null
);
create index operator_sessions_by_operator on operator_sessions (operator);

create trigger operators_are_logged
  after insert or delete or update of role, sees_images, password_set_at, disabled_at on operators
  for each row execute function log_act('', 'name', 'role', 'sees_images', 'password_set_at', 'disabled_at');

-- For people who look: newest first. Ends that are rare would else be looked for among all the others.
create index checks_by_creation on checks (created_at desc, id desc);
create index checks_ended_otherwise on checks (state, created_at desc, id desc) where state in ('failed', 'expired');
create index deliveries_by_creation on deliveries (created_at desc, id desc);
create index deliveries_dead on deliveries (created_at desc, id desc) where dead_at is not null;
