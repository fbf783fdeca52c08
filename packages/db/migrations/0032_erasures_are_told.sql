-- Why: the audit log tells how many checks an erasure took with it, and when it was asked for again. Safe beside the old code: a trigger, which says more.

drop trigger erasures_are_logged on erasures;
create trigger erasures_are_logged after insert on erasures
  for each row execute function log_act('client_id', 'id', 'erased', 'requested_at', 'finished_at');
create trigger changes_of_erasures_are_logged after update on erasures
  for each row when ((old.erased, old.requested_at, old.finished_at) is distinct from (new.erased, new.requested_at, new.finished_at))
  execute function log_act('client_id', 'id', 'erased', 'requested_at', 'finished_at');
