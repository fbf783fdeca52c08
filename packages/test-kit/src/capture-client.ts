/** A person's browser without the browser: speaks the capture protocol over real HTTP. */
import { fetchDescribed } from './watch-answers.ts';

export type CaptureStep = { status: number; body: Record<string, unknown> };

export type CaptureClient = {
  status(): Promise<CaptureStep>;
  start(): Promise<CaptureStep>;
  putFrame(seq: number | string, jpeg: Buffer): Promise<CaptureStep>;
  finish(frames?: number): Promise<CaptureStep>;
  /** Start, eight frames of one picture, finish. Throws when a step is refused. */
  submit(jpeg: Buffer): Promise<void>;
};

/** `link` is the `url` of a created check. */
export function captureClient(link: string): CaptureClient {
  let session = '';
  const call = async (path: string, init: RequestInit): Promise<CaptureStep> => {
    const response = await fetchDescribed(link + path, init);
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : {} };
  };
  const json = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-capture-session': session },
    body: JSON.stringify(body),
  });
  const client: CaptureClient = {
    status: () => call('/status', {}),
    start: async () => {
      const step = await call('/start', json({}));
      session = String(step.body.session ?? '');
      return step;
    },
    putFrame: (seq, jpeg) =>
      call(`/frames/${seq}`, {
        method: 'PUT',
        headers: { 'content-type': 'image/jpeg', 'x-capture-session': session },
        body: new Uint8Array(jpeg),
      }),
    finish: (frames = 8) => call('/finish', json({ frames })),
    submit: async (jpeg) => {
      expectStatus(await client.start(), 200);
      for (let seq = 0; seq < 8; seq += 1) expectStatus(await client.putFrame(seq, jpeg), 204);
      expectStatus(await client.finish(), 202);
    },
  };
  return client;
}

function expectStatus(step: CaptureStep, status: number): void {
  if (step.status !== status) throw new Error(`expected ${status}, got ${step.status}: ${JSON.stringify(step.body)}`);
}
