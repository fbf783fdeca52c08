-- Why: a deletion receipt has to tell when the last key ends that ever wrapped the check's data key, also when the row has forgotten that one. Safe beside the old code: a nullable column that a trigger keeps, whoever writes.

-- When the key ends that something was wrapped with; null when it has no end of its own. The layout is packages/crypto/src/epoch-keys.ts:
-- eight bytes that name the epoch, as a count of two minutes since 1970; smaller numbers are other kinds of keys.
create function end_of_wrapping(wrapped bytea) returns timestamptz language sql immutable strict as $$
  select case when epoch between 1048576 and 4294967295 then to_timestamp(epoch * 120) end
    from (select case when octet_length(wrapped) >= 8
                      then ('x' || encode(substring(wrapped for 8), 'hex'))::bit(64)::bigint end) as named (epoch)
$$;

-- The latest end of any key that the data key was ever wrapped with.
alter table checks add column keys_end_at timestamptz;
update checks set keys_end_at = end_of_wrapping(data_key) where data_key is not null;

create function remember_end_of_keys() returns trigger language plpgsql as $$
begin
  new.keys_end_at := greatest(new.keys_end_at, end_of_wrapping(new.data_key));
  return new;
end $$;

create trigger checks_remember_end_of_keys before insert or update of data_key on checks
  for each row when (new.data_key is not null) execute function remember_end_of_keys();
