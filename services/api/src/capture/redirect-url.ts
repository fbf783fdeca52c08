/** Where the browser goes at the end: fixed at create, never supplied by the browser; `error` comes from a closed list. */
import type { Check } from '@livegate/db/checks';

export type RedirectError = 'expired' | 'failed' | 'cancelled' | 'camera_denied';

/** `return_url` with `lc_token` (and `error`) added; its own query and fragment are kept. */
export function redirectUrl(
  { returnUrl, token }: Pick<Check, 'returnUrl' | 'token'>,
  error?: RedirectError,
): string | null {
  if (!returnUrl) return null;
  const url = new URL(returnUrl);
  url.searchParams.set('lc_token', token);
  if (error) url.searchParams.set('error', error);
  return url.href;
}
