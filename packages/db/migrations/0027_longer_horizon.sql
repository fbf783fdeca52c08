-- Why: twelve attempts that Retry-After delays take 159 hours; a receiver that asks for air must get them all. Safe beside the old code: another default.

-- What is under way keeps its horizon.
alter table deliveries alter column horizon_at set default now() + interval '168 hours';
