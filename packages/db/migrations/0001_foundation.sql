-- Why: the first schema: clients, keys, checks, frames, batches, events, deliveries. Safe beside the old code: there is none.

create type check_state as enum ('pending', 'in_progress', 'complete', 'expired', 'failed');
create type check_kind as enum ('hosted', 'instant');

-- Seeded from packages/domain/src/check-state.ts by the migrator, which a test compares; the trigger below enforces it.
create table check_transitions (
  from_state check_state not null,
  event text not null,
  to_state check_state not null,
  primary key (from_state, event),
  unique (from_state, to_state)
);

create table clients (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);

-- One default client: two services starting at once must not make two.
create unique index clients_one_default on clients (name) where name = 'default';

create table api_keys (
  id text primary key check (id ~ '^[A-Za-z0-9]{12}$'),
  client_id text not null references clients (id),
  mode text not null check (mode in ('live', 'test')),
  digest bytea not null check (octet_length(digest) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index api_keys_by_client on api_keys (client_id);

create table checks (
  id text primary key,
  client_id text not null references clients (id),
  reference uuid not null unique,
  token text not null unique,
  contract text not null,
  kind check_kind not null,
  state check_state not null,
  challenge text not null check (challenge in ('none', 'turn')),
  threshold double precision not null,
  audit_images smallint not null check (audit_images between 0 and 4),
  return_url text,
  webhook_url text,
  link_digest bytea unique check (octet_length(link_digest) = 32),
  session_digest bytea check (octet_length(session_digest) = 32),
  webhook_secret bytea,
  data_key bytea,
  attempt smallint not null default 1,
  attempts_allowed smallint not null default 3,
  attempt_words text,
  created_at timestamptz not null default now(),
  link_expires_at timestamptz,
  started_at timestamptz,
  submitted_at timestamptz,
  deadline_at timestamptz,
  finished_at timestamptz,
  passed boolean,
  confidence double precision,
  score double precision check (score between 0 and 1),
  reasons text[] not null default '{}',
  failure_reason text,
  bounding_box jsonb,
  model_profile text,
  images_expire_at timestamptz,
  traceparent text,
  -- Every state has a deadline: an open check has a link that expires or a processing deadline.
  constraint open_checks_have_a_deadline check (
    state in ('complete', 'expired', 'failed') or coalesce(deadline_at, link_expires_at) is not null
  ),
  constraint finished_exactly_when_terminal check ((state in ('complete', 'expired', 'failed')) = (finished_at is not null)),
  constraint verdict_exactly_when_complete check ((state = 'complete') = (passed is not null)),
  -- Fail closed: nothing passes without a score.
  constraint passed_needs_a_score check (passed is not true or score is not null)
);
create index checks_open_links on checks (link_expires_at)
  where state in ('pending', 'in_progress') and submitted_at is null;
create index checks_to_decide on checks (submitted_at) where state = 'in_progress' and submitted_at is not null;
create index checks_images_due on checks (images_expire_at) where images_expire_at is not null;

-- Append-only: the trigger writes it, nothing may change it.
create table check_transition_log (
  sequence bigint generated always as identity primary key,
  check_id text not null,
  from_state check_state,
  event text not null,
  to_state check_state not null,
  at timestamptz not null default clock_timestamp()
);
create index check_transition_log_by_check on check_transition_log (check_id);

create function refuse_illegal_transition() returns trigger language plpgsql as $$
declare
  named_event text;
begin
  if tg_op = 'INSERT' then
    if new.state <> (case new.kind when 'hosted' then 'pending' else 'in_progress' end)::check_state then
      raise exception 'a % check cannot be born %', new.kind, new.state using errcode = 'check_violation';
    end if;
    insert into check_transition_log (check_id, from_state, event, to_state) values (new.id, null, 'create', new.state);
    return new;
  end if;
  if new.state = old.state then
    return new;
  end if;
  select event into named_event from check_transitions where from_state = old.state and to_state = new.state;
  if named_event is null then
    raise exception 'no transition leads from % to %', old.state, new.state using errcode = 'check_violation';
  end if;
  insert into check_transition_log (check_id, from_state, event, to_state) values (new.id, old.state, named_event, new.state);
  return new;
end $$;
create trigger checks_follow_the_table before insert or update on checks
  for each row execute function refuse_illegal_transition();

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'check_violation';
end $$;
create trigger check_transition_log_is_append_only before update or delete or truncate on check_transition_log
  for each statement execute function refuse_change();

-- A batch is the outbox of its frames: enqueue-due-batches re-drives what is due and not scored.
create table frame_batches (
  id text primary key,
  check_id text not null references checks (id) on delete cascade,
  attempt smallint not null,
  generation integer not null default 1,
  attempts_started integer not null default 0,
  crashes integer not null default 0,
  created_at timestamptz not null default now(),
  enqueued_at timestamptz,
  due_at timestamptz not null default now() + interval '1 second',
  scored_at timestamptz,
  given_up_at timestamptz,
  last_failure text,
  model_profile text,
  traceparent text
);
create index frame_batches_due on frame_batches (due_at) where scored_at is null and given_up_at is null;
create index frame_batches_by_check on frame_batches (check_id);

create table frames (
  check_id text not null references checks (id) on delete cascade,
  attempt smallint not null,
  seq smallint not null,
  batch_id text references frame_batches (id),
  bytes integer not null,
  received_at timestamptz not null default now(),
  score double precision check (score between 0 and 1),
  reasons text[] not null default '{}',
  bounding_box jsonb,
  scored_at timestamptz,
  role text not null default 'capture' check (role in ('capture', 'probe', 'audit')),
  primary key (check_id, attempt, seq)
);
create index frames_by_batch on frames (batch_id);

-- The Postgres frame-store: ciphertext only. Images are incompressible, so TOAST must not try.
create table frame_blobs (
  check_id text not null references checks (id) on delete cascade,
  attempt smallint not null,
  seq smallint not null,
  sealed bytea not null,
  primary key (check_id, attempt, seq)
);
alter table frame_blobs alter column sealed set storage external;

create table events (
  id text primary key,
  check_id text not null references checks (id),
  client_id text not null references clients (id),
  type text not null check (type in ('complete', 'expired', 'failed')),
  terminal boolean not null,
  sequence integer not null,
  body bytea not null,
  created_at timestamptz not null default now()
);
create unique index events_one_terminal on events (check_id) where terminal;

create table deliveries (
  id text primary key,
  event_id text not null references events (id),
  check_id text not null references checks (id),
  client_id text not null references clients (id),
  url text not null,
  origin text not null,
  attempts_made smallint not null default 0,
  next_attempt_at timestamptz default now(),
  claimed_until timestamptz,
  delivered_at timestamptz,
  dead_at timestamptz,
  created_at timestamptz not null default now(),
  traceparent text,
  unique (event_id, url),
  constraint due_exactly_when_open check ((next_attempt_at is not null) = (delivered_at is null and dead_at is null))
);
create index deliveries_due on deliveries (next_attempt_at) where next_attempt_at is not null;

create table delivery_attempts (
  delivery_id text not null references deliveries (id),
  attempt smallint not null,
  started_at timestamptz not null,
  elapsed_ms integer not null,
  outcome text not null check (outcome in ('delivered', 'retry', 'dead')),
  status smallint,
  error_code text,
  dialled_address text,
  response bytea,
  next_attempt_at timestamptz,
  primary key (delivery_id, attempt)
);

-- Which machines run services: BullMQ on Postgres trusts every worker's clock, so production allows it on one host only.
create table service_hosts (
  host text not null,
  service text not null,
  seen_at timestamptz not null default now(),
  primary key (host, service)
);
