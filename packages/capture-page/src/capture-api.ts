import { answerTroubleOf } from './answer-troubles.ts';
import type { CameraEvidence } from './camera.ts';
import { type ChallengeStep, readChallengeStep } from './challenge-step.ts';
import { type CheckStatus, readCheckStatus, readRedirectUrl } from './check-status.ts';
import { type FramePlan, readFramePlan } from './frame-plan.ts';
import { Trouble } from './trouble.ts';
import type { CapturedFrame } from './upload.ts';

/** The browser's side of the capture protocol; every call ends within its limit or throws a `Trouble`. */
export type CaptureApi = {
  status(): Promise<CheckStatus>;
  start(consent: Consent): Promise<{ session: string; frames: FramePlan; challenge: ChallengeStep | null }>;
  /** The step asked for after this frame; null where the check has no challenge. */
  putFrame(session: string, frame: SentFrame): Promise<ChallengeStep | null>;
  finish(session: string, submission: Submission): Promise<void>;
  abandon(error: LeaveReason): Promise<string | null>;
  /** The person cannot turn their head: whether the check goes on without, or where to leave to. */
  declineTurning(): Promise<{ continues: boolean; redirectUrl: string | null }>;
  /** An address for the person's phone, with a token that works once, and how long it is good for. */
  offerHandoff(): Promise<{ url: string; validMs: number }>;
  takeHandoff(token: string): Promise<void>;
  takeBack(): Promise<void>;
};

/** How many frames there are, and what is known of the camera they come from; null where it could not be asked. */
type Submission = { frames: number; camera: (CameraEvidence & { isAutomated: boolean }) | null };

/** Why a person leaves before the end. */
export type LeaveReason = 'cancelled' | 'camera_denied';

/** What the person agreed to, and in which language. */
type Consent = { version: string; locale: string };

/** A frame; with a challenge the nonce of its step, and when it was taken since the capture began. */
type SentFrame = CapturedFrame & { nonce?: string; takenMs?: number };

const CALL_LIMIT_MS = 10_000;
// A large first frame of 500 KB takes 20 s at 200 kbit/s; the small ones after it (line-speed.ts) take two, which is often
// enough for a step of ten. A dead line is noticed.
const FRAME_LIMIT_MS = 20_000;

type Call = {
  method: string;
  path: string;
  json?: unknown;
  frame?: SentFrame;
  session?: string;
  limitMs?: number;
};

/** Talks to the server at `base`, the page's own path without a slash at its end. */
export function createCaptureApi(deps: {
  base: string;
  fetch: typeof fetch;
  /** In a frame of another site: what this browser is known by where it keeps no cookie there. */
  framedBrowser: string | null;
}): CaptureApi {
  const framed = deps.framedBrowser && { 'x-capture-framed': '1', 'x-capture-browser': deps.framedBrowser };

  async function call(request: Call): Promise<Record<string, unknown>> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), request.limitMs ?? CALL_LIMIT_MS);
    try {
      const response = await deps.fetch(`${deps.base}/${request.path}`, {
        method: request.method,
        headers: { ...headersOf(request), ...framed },
        body: request.frame?.jpeg ?? (request.json === undefined ? null : JSON.stringify(request.json)),
        cache: 'no-store',
        signal: controller.signal,
      });
      const answer = await readJson(response);
      if (!response.ok) throw new Trouble(answerTroubleOf({ status: response.status, code: answer.code }));
      return answer;
    } catch (thrown) {
      throw thrown instanceof Trouble ? thrown : new Trouble('unreachable', { cause: thrown });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    status: async () => readCheckStatus(await call({ method: 'GET', path: 'status' })),
    async start(consent) {
      const answer = await call({ method: 'POST', path: 'start', json: { consent } });
      if (typeof answer.session !== 'string') throw new Trouble('server_fault');
      return {
        session: answer.session,
        frames: readFramePlan(answer.frames),
        challenge: readChallengeStep(answer.challenge),
      };
    },
    async putFrame(session, frame) {
      const path = `frames/${frame.seq}`;
      const answer = await call({ method: 'PUT', path, frame, session, limitMs: FRAME_LIMIT_MS });
      return readChallengeStep(answer.challenge);
    },
    async finish(session, { frames, camera }) {
      const evidence = camera && {
        label: camera.label.slice(0, 200),
        has_device: camera.hasDevice,
        automated: camera.isAutomated,
      };
      await call({
        method: 'POST',
        path: 'finish',
        json: { frames, ...(evidence ? { camera: evidence } : {}) },
        session,
      });
    },
    async abandon(error) {
      const answer = await call({ method: 'POST', path: 'abandon', json: { error } });
      return readRedirectUrl(answer.redirect_url);
    },
    async declineTurning() {
      const answer = await call({ method: 'POST', path: 'alternative', json: {} });
      return { continues: answer.continues === true, redirectUrl: readRedirectUrl(answer.redirect_url) };
    },
    async offerHandoff() {
      const { url, expires_in_ms: validMs } = await call({ method: 'POST', path: 'handoff', json: {} });
      if (typeof url !== 'string' || typeof validMs !== 'number') throw new Trouble('server_fault');
      return { url, validMs };
    },
    async takeHandoff(token) {
      await call({ method: 'POST', path: 'handoff/take', json: { token } });
    },
    async takeBack() {
      await call({ method: 'POST', path: 'handoff/take-back', json: {} });
    },
  };
}

function headersOf(request: Call): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json',
    ...(request.frame ? frameHeaders(request.frame) : {}),
    ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(request.session === undefined ? {} : { 'x-capture-session': request.session }),
  };
}

function frameHeaders({ nonce, takenMs }: SentFrame): Record<string, string> {
  return {
    'content-type': 'image/jpeg',
    ...(nonce === undefined ? {} : { 'x-challenge-nonce': nonce }),
    ...(takenMs === undefined ? {} : { 'x-frame-time': String(takenMs) }),
  };
}

// A proxy in between may answer with HTML: the status alone then says what happened.
async function readJson(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
