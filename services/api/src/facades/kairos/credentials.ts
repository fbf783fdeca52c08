/** Kairos' two headers. Both spellings are in use: the page's list of headers and its examples differ. */
import { parseApiKey } from '@livegate/crypto/api-key';
import type { Request } from 'express';
import { type Credentials, soleHeader } from '../../http/authenticate.ts';

/** `app_id` is the key's id; `app_key` the whole key, or its secret part. */
export const kairosCredentials: Credentials = {
  read: (request) => {
    const id = eitherSpelling(request, ['app_id', 'app-id']);
    const key = eitherSpelling(request, ['app_key', 'app-key']);
    if (!id || !key) return null;
    const whole = [key, `lv_live_${id}_${key}`, `lv_test_${id}_${key}`];
    return whole.find((text) => parseApiKey(text)?.keyId === id) ?? null;
  },
  missing: 'A valid app_id and app_key are required.',
  wrong: 'A valid app_id and app_key are required.',
};

/** Sent in both spellings, the values must agree. */
function eitherSpelling(request: Request, names: [string, string]): string | null {
  const sent = names.filter((name) => request.headers[name] !== undefined);
  const values = new Set(sent.map((name) => soleHeader(request, name)));
  return values.size === 1 ? ([...values][0] ?? null) : null;
}
