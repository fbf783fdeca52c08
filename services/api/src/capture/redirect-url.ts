/** Where the browser goes at the end: fixed at create, never supplied by the browser; `error` comes from a closed list. */
import type { Check } from '@livegate/db/checks';

export type RedirectError = 'expired' | 'failed' | 'cancelled' | 'camera_denied';

/** `return_url` with `lc_token` (and `error`) added; its own query and fragment are kept to the byte. */
export function redirectUrl(
  { returnUrl, token }: Pick<Check, 'returnUrl' | 'token'>,
  error?: RedirectError,
): string | null {
  if (!returnUrl) return null;
  const [, base = returnUrl, fragment = ''] = /^([^#]*)(#.*)?$/s.exec(returnUrl) ?? [];
  const added = new URLSearchParams({ lc_token: token, ...(error ? { error } : {}) });
  return `${base}${base.includes('?') ? '&' : '?'}${added}${fragment}`;
}
