-- Why: an append-only log of acts, chained and signed together with the log of transitions. Safe beside the old code: new tables, and triggers that only add rows to them.

create table audit_log (
  sequence bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- Who: `key:<api key>`, `admin:<user>`, or the name that a service gives its connection.
  actor text not null,
  action text not null,
  client_id text,
  subject text,
  details jsonb not null default '{}'
);
create index audit_log_by_client on audit_log (client_id, sequence);

-- One link per row of either log: a keyed hash of the link before it and of the row.
create table audit_chain (
  position bigint primary key,
  source text not null check (source in ('transitions', 'acts')),
  sequence bigint not null,
  link bytea not null check (octet_length(link) = 32),
  unique (source, sequence)
);

-- A signed statement over the links of a batch.
create table audit_seals (
  seal bigint primary key,
  first_position bigint not null unique,
  last_position bigint not null unique,
  jws text not null,
  sealed_at timestamptz not null default now(),
  check (last_position >= first_position)
);

create trigger audit_log_is_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
create trigger audit_chain_is_append_only before update or delete or truncate on audit_chain
  for each statement execute function refuse_change();
create trigger audit_seals_are_append_only before update or delete or truncate on audit_seals
  for each statement execute function refuse_change();

-- Every row of either log as one text that never varies: what its link is made of.
create view audit_lines as
  select 'transitions' as source, sequence, at,
         jsonb_build_array('transitions', sequence, (extract(epoch from at) * 1000000)::bigint, check_id, from_state, event, to_state)::text as line
    from check_transition_log
   union all
  select 'acts', sequence, at,
         jsonb_build_array('acts', sequence, (extract(epoch from at) * 1000000)::bigint, actor, action, client_id, subject, details)::text
    from audit_log;

-- Writes what was done to a row, whoever did it. Arguments: the column of the client, that of the subject, then those to tell.
create function log_act() returns trigger language plpgsql as $$
declare
  was jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  now_is jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  known jsonb := was || now_is;
  told jsonb := '{}';
begin
  for position in 2 .. tg_nargs - 1 loop
    if tg_op <> 'UPDATE' or was -> tg_argv[position] is distinct from now_is -> tg_argv[position] then
      told := told || jsonb_build_object(tg_argv[position], known -> tg_argv[position]);
    end if;
  end loop;
  insert into audit_log (actor, action, client_id, subject, details)
  values (current_setting('application_name'), tg_table_name || '.' || lower(tg_op),
          known ->> tg_argv[0], known ->> tg_argv[1], told);
  return null;
end $$;

create trigger clients_are_logged
  after insert or delete or update of name, disabled_at, requests_per_minute, checks_per_month, open_checks on clients
  for each row execute function log_act('id', 'id', 'name', 'disabled_at', 'requests_per_minute', 'checks_per_month', 'open_checks');
create trigger api_keys_are_logged
  after insert or delete or update of client_id, mode, digest, expires_at, revoked_at on api_keys
  for each row execute function log_act('client_id', 'id', 'mode', 'expires_at', 'revoked_at');
create trigger collections_are_logged after insert or delete or update on collections
  for each row execute function log_act('client_id', 'id', 'name');
-- Of an address its origin is told: the path may be a secret.
create trigger webhook_endpoints_are_logged
  after insert or delete or update of url, events, disabled_at, deleted_at on webhook_endpoints
  for each row execute function log_act('client_id', 'id', 'origin', 'events', 'disabled_at', 'deleted_at');
create trigger webhook_endpoint_secrets_are_logged after insert on webhook_endpoint_secrets
  for each row execute function log_act('', 'endpoint_id', 'sequence');
create trigger retention_policies_are_logged after insert or delete or update on retention_policies
  for each row execute function log_act('client_id', 'artefact', 'seconds');
create trigger retention_defaults_are_logged after insert or delete or update on retention_defaults
  for each row execute function log_act('', 'artefact', 'seconds', 'most');
create trigger legal_holds_are_logged after insert or delete or update on legal_holds
  for each row execute function log_act('', 'check_id', 'reason');
create trigger erasures_are_logged after insert or update of finished_at on erasures
  for each row execute function log_act('client_id', 'id', 'erased', 'finished_at');
create trigger deletions_are_logged after insert on deletion_receipts
  for each row execute function log_act('client_id', 'reference');
