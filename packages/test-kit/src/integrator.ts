/** An integrator's backend: creates checks and polls them over real HTTP. */
import { eventually } from './eventually.ts';
import { fetchDescribed } from './watch-answers.ts';

export type Answer = {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the wire holds; the assertions say what it must be
  body: any;
};
export type Created = { token: string; url: string; secret: string; reference: string; webhook_url?: string };

export type Integrator = {
  create(body?: Record<string, unknown>): Promise<Created>;
  get(token: string): Promise<Answer>;
  /** Polls until the check is no longer waiting. */
  untilDone(token: string): Promise<Answer>;
};

/** `headers`: what every request carries beside the usual. */
export function integrator({
  url,
  apiKey,
  headers: extra = {},
}: {
  url: string;
  apiKey: string;
  headers?: Record<string, string>;
}): Integrator {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...extra };
  const call = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetchDescribed(url + path, { headers, ...init });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const get = (token: string) => call(`/liveness_check?token=${token}`);
  return {
    create: async (body = {}) => {
      // Explicit, so that only tests of the challenge meet one.
      const wish = { return_url: 'https://example.com/return', challenge: 'none', ...body };
      const answer = await call('/liveness_check', { method: 'POST', body: JSON.stringify(wish) });
      if (answer.status !== 201) throw new Error(`create: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    get,
    untilDone: (token) =>
      eventually(async () => {
        const answer = await get(token);
        if (answer.status === 202) throw new Error('still waiting');
        return answer;
      }),
  };
}
