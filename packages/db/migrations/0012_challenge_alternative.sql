-- Why: people who cannot turn their head have a declared alternative, and the client decides what it yields. Safe beside the old code: a default and a nullable column.

alter table clients
  -- refer: the person is sent back, and the integrator offers another way. still: the check goes on without the challenge.
  add column turn_alternative text not null default 'refer' check (turn_alternative in ('refer', 'still'));

alter table checks
  add column challenge_declined_at timestamptz;
