-- Why: the api's role sees one client's rows at a time (row-security.ts); these functions are the few questions that come before a client is known, or that are about the load of all. Safe beside the old code: new functions.
-- They answer with their owner's rights, and only the api may ask (service-roles.ts).

create function caller_of_key(wanted text)
  returns table (key_id text, client_id text, digest bytea, mode text, usable boolean, used_lately boolean,
                 requests_per_minute integer, checks_per_month integer, open_checks integer)
  language sql stable rows 1 security definer set search_path = public, pg_temp as $$
  select key.id, key.client_id, key.digest, key.mode::text,
         key.revoked_at is null and coalesce(key.expires_at > now(), true) and client.disabled_at is null,
         coalesce(key.last_used_at > now() - interval '1 minute', false),
         client.requests_per_minute, client.checks_per_month, client.open_checks
    from api_keys key join clients client on client.id = key.client_id
   where key.id = wanted
$$;

create function check_of_link(wanted bytea) returns setof checks
  language sql stable rows 1 security definer set search_path = public, pg_temp as $$
  select * from checks where link_digest = wanted
$$;

-- Which of these have ended: the api waits for instant checks of all clients at once.
create function ended_checks(wanted text[]) returns setof text
  language sql stable security definer set search_path = public, pg_temp as $$
  select id from checks where id = any(wanted) and finished_at is not null
$$;

-- Seconds for which the oldest batch has waited that nobody has in hand, of a check that still wants it; 0 when none waits.
create function oldest_wait_seconds() returns float8
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(extract(epoch from now() - min(batch.created_at)), 0)::float8
    from frame_batches batch join checks on checks.id = batch.check_id
   where batch.scored_at is null and batch.given_up_at is null and batch.attempts_started = 0
     and checks.state = 'in_progress'
$$;

-- Writes its log with the owner's rights: no service needs the right to add to it by hand, and what is about to be made is
-- visible to no policy yet.
alter function refuse_illegal_transition() security definer;
alter function refuse_illegal_transition() set search_path = public, pg_temp;
