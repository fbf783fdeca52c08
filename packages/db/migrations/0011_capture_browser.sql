-- Why: a capture belongs to its first browser, consent is part of the check, a returned attempt says why by code. Safe beside the old code: nullable columns.

alter table checks
  -- Digest of the cookie of the first browser; only it may start again.
  add column browser_digest bytea check (octet_length(browser_digest) = 32),
  add column attempt_reason text,
  add column consent_version text,
  add column consent_locale text,
  add column consented_at timestamptz,
  add constraint consent_is_whole check (
    (consent_version is null) = (consented_at is null) and (consent_locale is null) = (consented_at is null)
  );
