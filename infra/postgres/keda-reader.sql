-- What KEDA may ask of Postgres: two numbers. Run as the owner of the tables, after the services have migrated; again after an
-- upgrade. Views, because the tables show their rows to the services' roles only. The password is psql's variable `reader_password`.
begin;

do $$
begin
  if not exists (select from pg_roles where rolname = 'keda_reader') then
    create role keda_reader login;
  end if;
end $$;
alter role keda_reader with password :'reader_password' connection limit 5;
alter role keda_reader set statement_timeout = '5s';
alter role keda_reader set default_transaction_read_only = on;

drop schema if exists scaling cascade;
create schema scaling;

create view scaling.batches as
  select count(*) as waiting from frame_batches where scored_at is null and given_up_at is null;

create view scaling.deliveries as
  select count(*) as due from deliveries left join breakers using (client_id, origin)
   where next_attempt_at <= now() and open_until is null;

grant usage on schema scaling to keda_reader;
grant select on all tables in schema scaling to keda_reader;

commit;
