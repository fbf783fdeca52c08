-- Why: a test key must not see the deletion receipts of live checks, nor a live key those of the sandbox. Safe beside the old code: a column with a default; what old code writes about the sandbox meanwhile counts as live.

alter table deletion_receipts add column sandbox boolean not null default false;
-- Of checks that are gone nobody knows any more: they stay with live keys, which saw them before.
update deletion_receipts receipt set sandbox = true
  from checks where checks.client_id = receipt.client_id and checks.reference = receipt.reference and checks.sandbox;
