-- Why: each service has a role with the rights it needs and no more; this remembers which grants were made. Safe beside the old code: it goes on with the rights of its login.

create table applied_grants (wanted text primary key);
