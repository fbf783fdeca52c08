/** The single steps that commands are made of: done to the system, predicted by the model, compared. */
import { CHECK_TRANSITIONS, type CheckState } from '@livegate/domain/check-state';
import { expect } from 'vitest';
import * as model from './check-model.ts';
import { type ModelCheck, PRESENTATIONS, type Presentation } from './check-model.ts';
import { type Coverage, coverageKey } from './coverage.ts';
import type { Step, System } from './system.ts';

/** `endpoint` is what the model knows of the client's own endpoint: its secrets, the newest first. */
export type Scene = { system: System; covered: Coverage; endpoint: ModelEndpoint };
export type ModelEndpoint = { secrets: string[] };
type Sending = { shows: Presentation; count: number; session: string | null };
type Predicted = { refusal: string | null; accepted: number };

const SEQUENCES = 8;

export async function start(check: ModelCheck, { system, covered }: Scene): Promise<void> {
  const before = check.state;
  const refusal = model.startRefusal(check);
  const step = await system.capture(check.real.link, { path: 'start', method: 'POST', body: {} });
  compare(step, { refusal, accepted: 200 }, covered);
  if (refusal === null) model.start(check, String(step.body.session));
  covered.add(coverageKey(before, 'start', check.state === before ? 'stayed' : 'moved'));
}

export async function sendFrames(
  check: ModelCheck,
  { system, covered }: Scene,
  { shows, count, session }: Sending,
): Promise<void> {
  // All frames of an attempt show the same, so that the verdict can be foretold.
  const shown = check.presentation ?? shows;
  const body = Buffer.from([0xff, 0xd8, 0xff, PRESENTATIONS[shown]]);
  for (let sent = 0; sent < count && check.received < SEQUENCES; sent += 1) {
    const seq = check.received;
    const refusal = model.sessionRefusal(check, session);
    const frame = { path: `frames/${seq}`, method: 'PUT', session: session ?? '', body };
    compare(await system.capture(check.real.link, frame), { refusal, accepted: 204 }, covered);
    if (refusal !== null) return;
    check.presentation = shown;
    model.receiveFrame(check, seq);
  }
}

export async function submit(check: ModelCheck, { system, covered }: Scene, session: string | null): Promise<void> {
  const refusal = model.finishRefusal(check, session);
  const finish = { path: 'finish', method: 'POST', session: session ?? '', body: { frames: 1 } };
  compare(await system.capture(check.real.link, finish), { refusal, accepted: 202 }, covered);
  if (refusal === null) model.finish(check);
}

export async function score(check: ModelCheck, { system }: Scene): Promise<void> {
  // Poison takes three starts to be known as such.
  for (let tries = check.presentation === 'poison' ? 3 : 1; tries > 0; tries -= 1) await system.score(check.real.id);
  model.score(check);
}

/** GET says of state, verdict, failure and images what the model says. */
export async function comparePoll(check: ModelCheck, { system, covered }: Scene): Promise<void> {
  const { status, body } = await system.get(check.real.token);
  const result = body.result as { passed: boolean; image?: string } | undefined;
  const image = result?.image !== undefined;
  const told = { status, says: body.status, passed: result?.passed, failed: body.failure_reason, image };
  expect(told).toEqual(model.answer(check));
  const end = check.failureReason ?? (check.passed === null ? check.state : check.passed ? 'passed' : 'not passed');
  covered.add(`told ${end}${image ? ' with its image' : ''}`);
}

/** Notes which transition of the table led from one state to the other. */
export function judge(before: CheckState, after: CheckState, covered: Coverage): void {
  for (const { from, event, to } of CHECK_TRANSITIONS)
    if (from === before && to === after) covered.add(coverageKey(from, event, 'moved'));
}

function compare({ status, body }: Step, { refusal, accepted }: Predicted, covered: Coverage): void {
  if (refusal !== null) covered.add(`refused ${refusal}`);
  expect({ status: refusal === null ? status : 'refused', code: body.code ?? null }).toEqual({
    status: refusal === null ? accepted : 'refused',
    code: refusal,
  });
}
