-- Why: limits per client, and checks of test keys that play a scenario. Safe beside the old code: nothing that it reads
-- or writes changes, and no limit is set by default.

-- Null: no limit.
alter table clients
  add column requests_per_minute integer check (requests_per_minute > 0),
  add column checks_per_month integer check (checks_per_month >= 0),
  add column open_checks integer check (open_checks > 0);

-- One row per key or link that is limited: the moment at which its debt of requests is paid (GCRA). Losing it in a crash
-- forgives what was owed, so it need not be written ahead.
create unlogged table request_rates (
  subject text primary key,
  paid_at timestamptz not null
);
create index request_rates_by_age on request_rates (paid_at);

-- Counted only for clients with a quota.
create table monthly_checks (
  client_id text not null references clients (id),
  month date not null,
  made integer not null,
  primary key (client_id, month)
);

alter table checks
  add column sandbox boolean not null default false,
  add column scenario text,
  add column scenario_due_at timestamptz,
  add constraint scenarios_only_in_the_sandbox check (sandbox or (scenario is null and scenario_due_at is null));
create index checks_scenario_due on checks (scenario_due_at) where scenario_due_at is not null;
create index checks_open_by_client on checks (client_id) where state in ('pending', 'in_progress');
