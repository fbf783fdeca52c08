-- Why: fair claims, a breaker per client and origin, replays, a whole attempt log. Safe beside the old code: defaulted columns, new tables and indexes; the index that goes makes old claims slower, not wrong.

alter table deliveries
  -- Attempts of the present schedule: a replay of a finished delivery starts a new one, while attempts_made goes on.
  add column schedule_step smallint not null default 0,
  -- A replay is wanted until an attempt that was claimed after the wish has been recorded.
  add column replays_wanted integer not null default 0,
  add column replays_made integer not null default 0,
  -- Which dispatcher: one whose session has ended holds nothing, however long its lease.
  add column claimed_by integer,
  add column dead_reason text,
  add column horizon_at timestamptz not null default now() + interval '96 hours';
update deliveries set schedule_step = attempts_made;

-- A lane is one client's deliveries to one origin: claims walk the lanes, then the due rows of each.
create index deliveries_by_lane on deliveries (client_id, origin, next_attempt_at) where next_attempt_at is not null;
-- Beside it an index on the time alone tempts the planner to walk everything that is due, once for each lane.
drop index deliveries_due;
create index deliveries_claimed on deliveries (client_id, origin, claimed_until)
  where claimed_until is not null and next_attempt_at is not null;
create index deliveries_horizon on deliveries (horizon_at) where next_attempt_at is not null;
-- For people who look: newest first.
create index deliveries_by_client on deliveries (client_id, created_at desc, id desc);
create index deliveries_by_event on deliveries (event_id);
create index events_by_client on events (client_id, created_at desc, id desc);

alter table delivery_attempts
  add column event_id text references events (id),
  add column manual boolean not null default false,
  add column origin text,
  -- SHA-256 of path and query: tells two addresses of one origin apart without showing what may be a secret.
  add column path_hash text;
create index delivery_attempts_with_response on delivery_attempts (started_at) where response is not null;

-- How a lane's calls went, by the minute: the breaker's sliding window.
create table breaker_calls (
  client_id text not null references clients (id),
  origin text not null,
  minute timestamptz not null,
  calls integer not null,
  failures integer not null check (failures <= calls),
  primary key (client_id, origin, minute)
);

-- One row per lane that ever tripped. Open while open_until lies ahead; then one probe; closed when open_until is null.
create table breakers (
  client_id text not null references clients (id),
  origin text not null,
  trips integer not null,
  opened_at timestamptz not null default now(),
  open_until timestamptz,
  updated_at timestamptz not null default now(),
  primary key (client_id, origin)
);

-- Webhook secrets are forgotten when no replay can come any more.
create index checks_with_webhook_secret on checks (finished_at) where webhook_secret is not null and finished_at is not null;
