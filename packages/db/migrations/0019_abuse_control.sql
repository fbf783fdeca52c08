-- Why: locks after many failures in a short time, per person and per device, and a queue of uncertain verdicts for people to look at. Safe beside the old code: nullable columns and new tables; checks that it decides count no failures and are not queued.

-- All three null: what the deployment says. 0 failures: never locked.
alter table clients
  add column lock_failures integer check (lock_failures between 0 and 100),
  add column lock_window_seconds integer check (lock_window_seconds between 1 and 3600),
  add column lock_seconds integer check (lock_seconds between 1 and 3600),
  add constraint lock_is_whole check (
    (lock_failures is null) = (lock_window_seconds is null) and (lock_failures is null) = (lock_seconds is null));

-- A keyed hash of the browser's own random number; forgotten when the check ends.
alter table checks add column device_digest bytea check (octet_length(device_digest) = 32);

-- One row per failed check and whom it counts against: a keyed hash of the person or of the browser. They live for as long
-- as the longest window and lock.
create table failures (
  check_id text not null references checks (id) on delete cascade,
  client_id text not null references clients (id),
  subject bytea not null check (octet_length(subject) = 32),
  at timestamptz not null default now(),
  primary key (check_id, subject)
);
create index failures_by_subject on failures (subject, at);
create index failures_by_age on failures (at);

-- A verdict that a person should look at. What is uncertain about it is not shown to who looks.
create table reviews (
  id text primary key,
  check_id text not null unique references checks (id) on delete cascade,
  client_id text not null references clients (id),
  causes text[] not null check (cardinality(causes) > 0),
  created_at timestamptz not null default now()
);
create index reviews_by_age on reviews (created_at);

-- One reviewer's part in it: a claim with a lease, then a label.
create table review_labels (
  review_id text not null references reviews (id) on delete cascade,
  reviewer text not null,
  lease_until timestamptz not null,
  label text,
  labelled_at timestamptz,
  primary key (review_id, reviewer),
  check ((label is null) = (labelled_at is null))
);

create trigger velocity_is_logged
  after update of lock_failures, lock_window_seconds, lock_seconds on clients
  for each row execute function log_act('id', 'id', 'lock_failures', 'lock_window_seconds', 'lock_seconds');
