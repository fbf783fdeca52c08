/** What can happen to checks, as commands for fast-check: each does it to the system, predicts it by the model and compares. */
import { randomUUID } from 'node:crypto';
import { CHECK_TRANSITIONS, type CheckEvent, type CheckState } from '@livegate/domain/check-state';
import fc from 'fast-check';
import { expect } from 'vitest';
import * as model from './check-model.ts';
import { type ModelCheck, PRESENTATIONS, type Presentation } from './check-model.ts';
import { type Step, SWEEP_NAMES, type SweepName, type System } from './system.ts';

export type World = { checks: ModelCheck[] };
/** Which event was tried in which state and whether it moved the check, and which refusals were heard. */
export type Coverage = Set<string>;

type Command = fc.AsyncCommand<World, System>;
const EVENTS = [...new Set(CHECK_TRANSITIONS.map(({ event }) => event))];
const SEQUENCES = 8;

export function coverageKey(state: CheckState, event: CheckEvent, outcome: 'moved' | 'stayed'): string {
  return `${state} ${event} ${outcome}`;
}

/** All commands, and those that end every run. `covered` is added to as they run. */
export function commandArbitraries(covered: Coverage): { arbitraries: fc.Arbitrary<Command>[]; tour: Command[] } {
  const which = fc.nat({ max: 2 });
  const presentation = fc.constantFrom<Presentation>('bona fide', 'bona fide', 'attack', 'nobody', 'nobody', 'poison');
  const onCheck = (
    text: string,
    index: number,
    act: (check: ModelCheck, system: System) => Promise<void>,
  ): Command => ({
    check: ({ checks }) => checks.length > 0,
    run: async (world, system) => {
      const check = world.checks[index % world.checks.length] as ModelCheck;
      await act(check, system);
      // Whatever was done: the database and the answer to GET are what the model says.
      expect(await system.stateOf(check.real.id)).toBe(check.state);
      await comparePoll(check, system);
    },
    toString: () => `${text}(${index})`,
  });

  const create = fc.constant<Command>({
    check: ({ checks }) => checks.length < 3,
    run: async ({ checks }, system) => {
      const key = randomUUID();
      const { replayed, ...real } = await system.create(key);
      expect(replayed).toBe(false);
      checks.push(model.newModelCheck(real, key));
    },
    toString: () => 'create',
  });
  const replay = which.map((index) =>
    onCheck('replay the create', index, async (check, system) => {
      const { replayed, ...again } = await system.create(check.idempotencyKey);
      expect(replayed).toBe(true);
      expect(again).toEqual(check.real);
    }),
  );
  const startOn = (index: number) =>
    onCheck('start', index, async (check, system) => {
      const before = check.state;
      const refusal = model.startRefusal(check);
      const step = await system.capture(check.real.link, { path: 'start', method: 'POST', body: {} });
      compareRefusal(step, { refusal, accepted: 200 }, covered);
      if (refusal === null) model.start(check, String(step.body.session));
      covered.add(coverageKey(before, 'start', check.state === before ? 'stayed' : 'moved'));
    });
  const start = which.map(startOn);
  const frames = fc
    .tuple(which, presentation, fc.integer({ min: 1, max: 5 }), fc.boolean())
    .map(([index, shows, count, mine]) =>
      onCheck(`${count} frames of ${shows} ${mine ? '' : 'by a former session'}`, index, (check, system) =>
        sendFrames(check, { system, covered }, { shows, count, session: mine ? check.session : check.formerSession }),
      ),
    );
  const finish = fc.tuple(which, fc.integer({ min: 0, max: 9 })).map(([index, dice]) =>
    onCheck('finish', index, async (check, system) => {
      const session = dice > 0 ? check.session : check.formerSession;
      await submit(check, { system, covered }, session);
    }),
  );
  // The whole way of a person at once: by single steps most runs would never get to a verdict.
  const visit = fc.tuple(which, presentation, fc.nat({ max: 3 })).map(([index, shows, dice]) =>
    onCheck(`visit by ${shows}`, index, async (check, system) => {
      if (model.startRefusal(check) !== null) return;
      const before = check.state;
      const step = await system.capture(check.real.link, { path: 'start', method: 'POST', body: {} });
      model.start(check, String(step.body.session));
      covered.add(coverageKey(before, 'start', before === 'pending' ? 'moved' : 'stayed'));
      await sendFrames(check, { system, covered }, { shows, count: 4, session: check.session });
      if (dice > 0) await submit(check, { system, covered }, check.session);
    }),
  );
  const score = which.map((index) =>
    onCheck('score', index, async (check, system) => {
      // Poison takes three starts to be known as such.
      for (let tries = check.presentation === 'poison' ? 3 : 1; tries > 0; tries -= 1)
        await system.score(check.real.id);
      model.score(check);
    }),
  );
  const sweep = fc.constantFrom<SweepName>('decide', 'decide', 'expire', 'fail', ...SWEEP_NAMES).map(
    (name): Command => ({
      check: ({ checks }) => checks.length > 0,
      run: async ({ checks }, system) => {
        await system.sweep(name);
        for (const check of checks) {
          const before = check.state;
          model.sweep(check, name);
          expect(await system.stateOf(check.real.id)).toBe(check.state);
          for (const { from, event, to } of CHECK_TRANSITIONS)
            if (from === before && to === check.state) covered.add(coverageKey(from, event, 'moved'));
        }
      },
      toString: () => `sweep ${name}`,
    }),
  );
  const forceOn = (index: number) =>
    onCheck('force what may not be', index, async (check, system) => {
      for (const event of EVENTS) {
        if (event === 'start' ? model.startRefusal(check) === null : model.mayBeEndedBy(check, event)) continue;
        expect(await system.force(check.real.id, event)).toBe('refused');
        covered.add(coverageKey(check.state, event, 'stayed'));
      }
    });
  const force = which.map(forceOn);
  const advance = fc.tuple(which, fc.constantFrom(45, 130, 700, 1_900)).map(([index, seconds]) =>
    onCheck(`${seconds} s pass`, index, async (check, system) => {
      await system.advance(check.real.id, seconds);
      model.advance(check, seconds);
    }),
  );
  const rotate = which.map((index) =>
    onCheck('rotate the key', index, async (check, system) => {
      await system.rotateKey();
      expect((await system.get(check.real.token, 'former')).status).toBe(401);
    }),
  );
  const arbitraries = [
    create,
    create,
    replay,
    start,
    frames,
    finish,
    visit,
    visit,
    visit,
    score,
    score,
    sweep,
    sweep,
    sweep,
    force,
    advance,
    advance,
    rotate,
  ];
  // Whatever state a check was left in: each run ends by trying there what may not be.
  const tour = [0, 1, 2].flatMap((index) => [forceOn(index), startOn(index), forceOn(index)]);
  return { arbitraries, tour };
}

type Predicted = { refusal: string | null; accepted: number };
type Scene = { system: System; covered: Coverage };
type Sending = { shows: Presentation; count: number; session: string | null };

async function sendFrames(
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
    const step = await system.capture(check.real.link, {
      path: `frames/${seq}`,
      method: 'PUT',
      session: session ?? '',
      body,
    });
    compareRefusal(step, { refusal, accepted: 204 }, covered);
    if (refusal !== null) return;
    check.presentation = shown;
    model.receiveFrame(check, seq);
  }
}

async function submit(check: ModelCheck, { system, covered }: Scene, session: string | null): Promise<void> {
  const refusal = model.finishRefusal(check, session);
  const step = await system.capture(check.real.link, {
    path: 'finish',
    method: 'POST',
    session: session ?? '',
    body: { frames: 1 },
  });
  compareRefusal(step, { refusal, accepted: 202 }, covered);
  if (refusal === null) model.finish(check);
}

async function comparePoll(check: ModelCheck, system: System): Promise<void> {
  const { status, body } = await system.get(check.real.token);
  const result = body.result as { passed: boolean; image?: string } | undefined;
  expect({ status, says: body.status, passed: result?.passed, image: result?.image !== undefined }).toEqual(
    model.answer(check),
  );
}

function compareRefusal({ status, body }: Step, { refusal, accepted }: Predicted, covered: Coverage): void {
  if (refusal !== null) covered.add(`refused ${refusal}`);
  expect({ status: refusal === null ? status : 'refused', code: body.code ?? null }).toEqual({
    status: refusal === null ? accepted : 'refused',
    code: refusal,
  });
}
