/** How a documented client of each one-shot contract asks, with the parts that a test may want otherwise. */
import type { FormPart, WireRequest } from './wire.ts';
import { multipart } from './wire.ts';

export type Headers = Record<string, string>;

export const VERIFIK_PATHS = ['/v2/face-recognition/liveness', '/v2/face-recognition/liveness-score'];
export const KAIROS_PATHS = ['/v0.1/liveness-verification', '/v0.2/liveness-verification'];
export const SMARTCOMPLY_PATHS = [
  '/api/onboarding/biometrics/face/liveliness_check/',
  '/api/onboarding/biometrics/face/liveliness_check',
];

const asText = (body: unknown) => (typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));

/** Each takes the whole API key. */
export function credentials(apiKey: string): { bearer: Headers; app: Headers; token: Headers } {
  const id = /^lv_(?:live|test)_([^_]+)_/.exec(apiKey)?.[1] ?? '';
  return {
    bearer: { authorization: `Bearer ${apiKey}` },
    app: { app_id: id, app_key: apiKey },
    token: { 'x-access-token': apiKey },
  };
}

export function globaldataCreate(body: unknown, headers: Headers): WireRequest {
  return { path: '/liveness_check', headers: { 'content-type': 'application/json', ...headers }, body: asText(body) };
}

export function globaldataRetrieve(query: string, headers: Headers): WireRequest {
  return { method: 'GET', path: `/liveness_check${query}`, headers };
}

export function verifik(body: unknown, headers: Headers, path = VERIFIK_PATHS[0] as string): WireRequest {
  return { path, headers: { 'content-type': 'application/json', ...headers }, body: asText(body) };
}

export function kairos(parts: FormPart[], headers: Headers, path = KAIROS_PATHS[0] as string): WireRequest {
  const form = multipart(parts);
  return { path, headers: { ...form.headers, ...headers }, body: form.body };
}

export function smartcomply(body: unknown, headers: Headers, path = SMARTCOMPLY_PATHS[0] as string): WireRequest {
  return { path, headers: { 'content-type': 'application/json', ...headers }, body: asText(body) };
}

export const selfie = (image: Buffer): FormPart => ({
  name: 'selfie',
  value: image,
  filename: 'selfie.jpg',
  type: 'image/jpeg',
});
export const threshold = (text: string): FormPart => ({ name: 'threshold', value: text });
