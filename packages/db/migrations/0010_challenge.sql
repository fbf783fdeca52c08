-- Why: the server-owned challenge, its steps, and what each frame showed of the head. Safe beside the old code: a new table and nullable columns.

create table challenge_steps (
  check_id text not null references checks (id) on delete cascade,
  attempt smallint not null,
  step smallint not null,
  prompt text not null check (prompt in ('left', 'right', 'center')),
  hold_ms integer not null,
  -- Given to the browser when the step is revealed; null before.
  nonce text unique,
  revealed_at timestamptz,
  deadline_at timestamptz,
  -- The last step is done: the sequence is complete, or it can no longer be.
  ended text check (ended in ('done', 'fault')),
  primary key (check_id, attempt, step),
  constraint nonce_exactly_when_revealed check ((nonce is null) = (revealed_at is null) and (nonce is null) = (deadline_at is null))
);

alter table frames
  -- Which step's nonce the frame carried.
  add column step smallint,
  -- Milliseconds since the capture began, as the browser says.
  add column claimed_ms integer,
  -- How the head stood: numbers from which no face can be told (packages/domain/src/challenge.ts).
  add column head_turn double precision,
  add column head_aspect double precision,
  add column head_solidity double precision;
