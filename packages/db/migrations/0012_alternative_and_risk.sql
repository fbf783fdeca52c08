-- Why: a declared alternative for people who cannot turn their head, and evidence of injection; clients decide what both yield. Safe beside the old code: defaults, nullable columns, indexes.

alter table clients
  -- refer: the person is sent back, and the integrator offers another way. still: the check goes on without the challenge.
  add column turn_alternative text not null default 'refer' check (turn_alternative in ('refer', 'still')),
  -- report: signals are in the result, no more. review: the result asks for a person to look. fail: a strong signal fails.
  add column risk_policy text not null default 'report' check (risk_policy in ('report', 'review', 'fail'));

alter table checks
  add column challenge_declined_at timestamptz,
  add column risk_signals text[] not null default '{}',
  add column needs_review boolean not null default false;

-- Keyed digests, forgotten after a day: of the bytes, and of how the picture looks from afar.
alter table frames
  add column fingerprint bytea,
  add column look bytea;
create index frames_by_fingerprint on frames (fingerprint) where fingerprint is not null;
create index frames_by_look on frames (look) where look is not null;
