-- Why: erasures that cannot finish yet must not keep others from being tried, and what one knows of a person is forgotten a while after it finished. Safe beside the old code: a nullable column and an index.

-- When its checks were last tried: who waited longest comes first.
alter table erasures add column tried_at timestamptz;
create index erasures_finished on erasures (finished_at) where finished_at is not null;
