/** A person's browser without the browser: speaks the capture protocol over real HTTP. */
import type { ChallengeView } from '@livegate/contracts/capture';
import type { TurningHead } from './turning-head.ts';
import { fetchDescribed } from './watch-answers.ts';

// biome-ignore lint/suspicious/noExplicitAny: whatever the wire holds; the assertions say what it must be
export type CaptureStep = { status: number; body: Record<string, any> };

export type CaptureClient = {
  status(): Promise<CaptureStep>;
  start(): Promise<CaptureStep>;
  putFrame(seq: number | string, jpeg: Buffer, nonce?: string): Promise<CaptureStep>;
  finish(frames?: number): Promise<CaptureStep>;
  abandon(): Promise<CaptureStep>;
  offerHandoff(): Promise<CaptureStep>;
  takeHandoff(token: string): Promise<CaptureStep>;
  takeBack(): Promise<CaptureStep>;
  /** Start, eight frames of one picture, finish. Throws when a step is refused. */
  submit(jpeg: Buffer): Promise<void>;
  /** Start, frames of a head that does what it is asked to, finish. Returns what was asked and sent. */
  submitTurning(head: TurningHead, person?: Person): Promise<Turned>;
  /** Another tab of the same browser. */
  otherTab(): CaptureClient;
};

/** How a person moves: where the head goes for a prompt, and how far it gets from one frame to the next. */
export type Person = {
  poseFor?: (challenge: ChallengeView) => number;
  stepPerFrame?: number;
  afterFrame?: (frame: { seq: number; jpeg: Buffer; challenge: ChallengeView }) => Promise<void> | void;
};
export type Turned = { prompts: string[]; frames: Buffer[]; last: CaptureStep };

const POSES = { left: 1, center: 0, right: -1 } as const;

/** `link` is the `url` of a created check. */
export function captureClient(link: string, cookies = new Map<string, string>()): CaptureClient {
  let session = '';
  const call = async (path: string, init: RequestInit): Promise<CaptureStep> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) };
    const response = await fetchDescribed(link + path, { ...init, headers });
    for (const set of response.headers.getSetCookie()) {
      const [name, value] = (set.split(';')[0] as string).split('=');
      cookies.set(name as string, value as string);
    }
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
    putFrame: (seq, jpeg, nonce) =>
      call(`/frames/${seq}`, {
        method: 'PUT',
        headers: {
          'content-type': 'image/jpeg',
          'x-capture-session': session,
          ...(nonce === undefined ? {} : { 'x-challenge-nonce': nonce }),
        },
        body: new Uint8Array(jpeg),
      }),
    finish: (frames = 8) => call('/finish', json({ frames })),
    abandon: () => call('/abandon', json({ error: 'cancelled' })),
    offerHandoff: () => call('/handoff', json({})),
    takeHandoff: (token) => call('/handoff/take', json({ token })),
    takeBack: () => call('/handoff/take-back', json({})),
    otherTab: () => captureClient(link, cookies),
    submit: async (jpeg) => {
      expectStatus(await client.start(), 200);
      for (let seq = 0; seq < 8; seq += 1) expectStatus(await client.putFrame(seq, jpeg), 204);
      expectStatus(await client.finish(), 202);
    },
    submitTurning: async (head, { poseFor = promptedPose, stepPerFrame = 0.34, afterFrame } = {}) => {
      let step = expectStatus(await client.start(), 200);
      const turned: Turned = { prompts: [], frames: [], last: step };
      let pose = 0;
      for (let seq = 0; ; seq += 1) {
        const challenge = step.body.challenge as ChallengeView;
        if (challenge.step >= turned.prompts.length) turned.prompts.push(challenge.prompt);
        if (challenge.state === 'over') break;
        const wanted = poseFor(challenge);
        pose += Math.max(-stepPerFrame, Math.min(stepPerFrame, wanted - pose));
        const jpeg = await head(pose);
        turned.frames.push(jpeg);
        turned.last = await client.putFrame(seq, jpeg, challenge.nonce);
        if (turned.last.status !== 200) break;
        step = turned.last;
        await afterFrame?.({ seq, jpeg, challenge });
        await new Promise((resolve) => setTimeout(resolve, challenge.frame_interval_ms));
      }
      turned.last = await client.finish(3);
      return turned;
    },
  };
  return client;
}

/** What an honest person does. */
export function promptedPose({ prompt }: ChallengeView): number {
  return POSES[prompt];
}

function expectStatus(step: CaptureStep, status: number): CaptureStep {
  if (step.status !== status) throw new Error(`expected ${status}, got ${step.status}: ${JSON.stringify(step.body)}`);
  return step;
}
