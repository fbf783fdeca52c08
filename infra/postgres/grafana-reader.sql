-- What dashboards may ask of Postgres: counts and times over views, never a key, a secret, an address or an image. Run as
-- the owner of the tables, after the services have migrated; again after an upgrade. The password is psql's variable
-- `reader_password`.
begin;

do $$
begin
  if not exists (select from pg_roles where rolname = 'grafana_reader') then
    create role grafana_reader login;
  end if;
end $$;
alter role grafana_reader with password :'reader_password' connection limit 5;
alter role grafana_reader set statement_timeout = '5s';
alter role grafana_reader set default_transaction_read_only = on;

drop schema if exists reports cascade;
create schema reports;

create view reports.deliveries as
  select origin, attempts_made, next_attempt_at, created_at from deliveries;

create view reports.attempts as
  select delivery.origin, attempt.started_at, attempt.outcome, attempt.elapsed_ms, attempt.error_code, attempt.status
    from delivery_attempts attempt join deliveries delivery on delivery.id = attempt.delivery_id;

create view reports.images as
  select checks.state, checks.images_expire_at, checks.id as check_id, octet_length(blob.sealed) as bytes
    from frame_blobs blob join checks on checks.id = blob.check_id;

create view reports.data_keys as
  select state, images_expire_at from checks where data_key is not null;

create view reports.api_keys as
  select client.name as client, key.created_at, key.expires_at, key.revoked_at, key.last_used_at
    from clients client join api_keys key on key.client_id = client.id;

grant usage on schema reports to grafana_reader;
grant select on all tables in schema reports to grafana_reader;

commit;
