-- Why: retention per client and artefact, legal holds, erasure of a check and of a person, receipts of deletions. Safe beside the old code: new tables and nullable columns.

-- Seeded from packages/domain/src/retention.ts by the migrator.
create table retention_defaults (
  artefact text primary key,
  seconds integer not null check (seconds >= 0),
  most integer not null check (most >= seconds)
);

-- What a client has asked for instead.
create table retention_policies (
  client_id text not null references clients (id),
  artefact text not null references retention_defaults (artefact),
  seconds integer not null check (seconds >= 0),
  primary key (client_id, artefact)
);

-- How long this client's artefact is kept; never longer than may be.
create function retention(client text, wanted text) returns interval language sql stable as $$
  select make_interval(secs => least(coalesce(policy.seconds, base.seconds), base.most))
    from retention_defaults base
    left join retention_policies policy on policy.client_id = client and policy.artefact = base.artefact
   where base.artefact = wanted
$$;

-- The least that any client keeps it: nothing younger can be due.
create function shortest_retention(wanted text) returns interval language sql stable as $$
  select make_interval(secs => min(seconds))
    from (select seconds from retention_defaults where artefact = wanted
          union all select seconds from retention_policies where artefact = wanted) policies
$$;

-- Null: no image, or none any more.
alter table frames add column image_expires_at timestamptz;
create index frames_images_due on frames (image_expires_at) where image_expires_at is not null;

alter table checks
  -- A keyed hash of what the client calls the person.
  add column person_digest bytea check (octet_length(person_digest) = 32),
  -- The frames' scores, boxes and faces are gone.
  add column scores_purged_at timestamptz;
create index checks_by_person on checks (client_id, person_digest) where person_digest is not null;
create index checks_by_end on checks (finished_at) where finished_at is not null;
create index checks_with_scores on checks (finished_at) where finished_at is not null and scores_purged_at is null;

-- While a row is here nothing of the check is deleted; its images stay unreadable through the api after their time.
create table legal_holds (
  check_id text primary key references checks (id),
  reason text not null,
  placed_at timestamptz not null default now()
);

-- Outlives the check it speaks of; says nothing about the person.
create table deletion_receipts (
  id bigint generated always as identity primary key,
  client_id text not null references clients (id),
  reference uuid not null,
  jws text not null,
  created_at timestamptz not null default now()
);
create index deletion_receipts_by_reference on deletion_receipts (client_id, reference);

-- A person's checks, to be erased: some at once, the rest by a sweep.
create table erasures (
  id text primary key,
  client_id text not null references clients (id),
  person_digest bytea not null check (octet_length(person_digest) = 32),
  requested_at timestamptz not null default now(),
  finished_at timestamptz,
  erased integer not null default 0
);
create index erasures_open on erasures (requested_at) where finished_at is null;
