-- Why: endpoints may ask to be told of steps on the way to a check's end. Safe beside the old code: it makes no such event, and the column has a default.

-- How many steps were told: the place of the next event among those of its check.
alter table checks add column steps_told smallint not null default 0;

alter table events
  drop constraint events_type_check,
  add constraint events_type_check check (type in ('complete', 'expired', 'failed', 'opened', 'in_progress', 'cancelled')) not valid;
create unique index events_one_of_each_step on events (check_id, type) where not terminal;
