-- Why: every verdict is signed: which frames, which models, which rule, which result. Safe beside the old code: a new table and nullable columns; checks that it decides have no receipt.

alter table frames add column sha256 bytea check (octet_length(sha256) = 32);

create table decision_receipts (
  check_id text primary key references checks (id) on delete cascade,
  jws text not null,
  created_at timestamptz not null default now()
);

-- What was asked of the person and when each frame came, as one value whose text never varies. Null without a challenge.
-- Steps and frames are taken as they are, with what other migrations add to them.
create function challenge_transcript(check_wanted text) returns jsonb language plpgsql stable set timezone to 'UTC' as $$
declare
  subject checks%rowtype;
  steps jsonb := '[]';
  captured jsonb;
begin
  select * into subject from checks where id = check_wanted;
  if not found or subject.challenge = 'none' then
    return null;
  end if;
  if to_regclass('challenge_steps') is not null then
    execute 'select coalesce(jsonb_agg(to_jsonb(taken) order by step), ''[]'') from challenge_steps taken
              where check_id = $1 and attempt = $2' into steps using check_wanted, subject.attempt;
  end if;
  select coalesce(jsonb_agg(jsonb_build_object(
           'seq', frame.seq, 'received_at', frame.received_at, 'sha256', encode(frame.sha256, 'hex'),
           'step', to_jsonb(frame) -> 'step', 'claimed_ms', to_jsonb(frame) -> 'claimed_ms') order by frame.seq), '[]')
    into captured from frames frame where frame.check_id = check_wanted and frame.attempt = subject.attempt;
  return jsonb_build_object('challenge', subject.challenge, 'attempt', subject.attempt, 'steps', steps, 'frames', captured);
end $$;
