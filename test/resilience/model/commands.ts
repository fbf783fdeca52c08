/** What can happen to checks, as commands for fast-check: each does it to the system, predicts it by the model and compares. */
import { randomUUID } from 'node:crypto';
import { CHECK_TRANSITIONS } from '@livegate/domain/check-state';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ModelCheck, Presentation } from './check-model.ts';
import * as model from './check-model.ts';
import { type Coverage, coverageKey } from './coverage.ts';
import { replayEvent, rotateSecret } from './delivery-steps.ts';
import { comparePoll, judge, type ModelEndpoint, type Scene, score, sendFrames, start, submit } from './steps.ts';
import { SWEEP_NAMES, type SweepName, type System } from './system.ts';

export type World = { checks: ModelCheck[] };
type Command = fc.AsyncCommand<World, System>;

const MAX_CHECKS = 3;
const EVENTS = [...new Set(CHECK_TRANSITIONS.map(({ event }) => event))];
const which = fc.nat({ max: MAX_CHECKS - 1 });
const presentation = fc.constantFrom<Presentation>('bona fide', 'attack', 'nobody', 'nobody', 'poison');

/** All commands, the likelier ones more than once, and those that end every run. `covered` is added to as they run. */
export function makeCommands(
  covered: Coverage,
  endpoint: ModelEndpoint,
): { arbitraries: fc.Arbitrary<Command>[]; tour: Command[] } {
  const onCheck = commandsOn(covered, endpoint);
  const single = (name: string, act: (check: ModelCheck, scene: Scene) => Promise<void>) =>
    which.map((index) => onCheck(name, index, act));
  const frames = fc
    .tuple(which, presentation, fc.integer({ min: 1, max: 5 }), fc.boolean())
    .map(([index, shows, count, mine]) =>
      onCheck(`${count} frames of ${shows} ${mine ? '' : 'by a former session'}`, index, (check, scene) =>
        sendFrames(check, scene, { shows, count, session: mine ? check.session : check.formerSession }),
      ),
    );
  const finish = fc
    .tuple(which, fc.nat({ max: 4 }))
    .map(([index, dice]) =>
      onCheck('finish', index, (check, scene) => submit(check, scene, dice > 0 ? check.session : check.formerSession)),
    );
  const visits = fc.tuple(which, presentation, fc.nat({ max: 3 })).map(([index, shows, dice]) =>
    onCheck(`visit by ${shows}`, index, async (check, scene) => {
      await visit(check, scene, shows);
      if (dice > 0) await submit(check, scene, check.session);
    }),
  );
  const rounds = fc.tuple(which, presentation).map(([index, shows]) =>
    onCheck(`whole round by ${shows}`, index, async (check, scene) => {
      await visit(check, scene, shows);
      await submit(check, scene, check.session);
      await score(check, scene);
    }),
  );
  const replays = single('replay the event', replayEvent);
  const rotations = fc
    .tuple(which, fc.constantFrom(0, 3_600, 3_600))
    .map(([index, overlapSeconds]) =>
      onCheck(`rotate the secret, ${overlapSeconds} s overlap`, index, (check, scene) =>
        rotateSecret(check, scene, overlapSeconds),
      ),
    );
  const persistent = which.map((index) => persist(index, { covered, endpoint }));
  const passing = fc.tuple(which, fc.constantFrom(45, 130, 700, 1_900)).map(([index, seconds]) =>
    onCheck(`${seconds} s pass`, index, async (check, { system }) => {
      await system.advance(check.real.id, seconds);
      model.advance(check, seconds);
    }),
  );
  const sweeps = fc
    .constantFrom<SweepName>('decide', 'decide', 'expire', 'fail', ...SWEEP_NAMES)
    .map((name) => sweep(name, covered));
  const starts = single('start', start);
  const forced = single('force what may not be', force);
  const arbitraries = [
    ...[create(), create(), single('replay the create', replay), starts, frames, finish],
    ...[visits, visits, rounds, rounds, rounds, single('score', score), sweeps, sweeps, sweeps, sweeps],
    ...[
      persistent,
      single('never finish', neverFinish),
      forced,
      passing,
      passing,
      replays,
      replays,
      rotations,
      single('rotate the key', rotate),
    ],
  ];
  // Whatever state a check was left in: each run ends by trying there what may not be, and by a link's end.
  const onEach = (name: string, act: (check: ModelCheck, scene: Scene) => Promise<void>) =>
    Array.from({ length: MAX_CHECKS }, (_, index) => onCheck(name, index, act));
  const tour = [
    ...onEach('force what may not be', force),
    ...[onCheck('the link runs out', 0, runOut), sweep('expire', covered)],
    ...[...onEach('start', start), ...onEach('force what may not be', force)],
  ];
  return { arbitraries, tour };
}

/** Makes commands about one check; after each, the database and the answer to GET must be what the model says. */
function commandsOn(covered: Coverage, endpoint: ModelEndpoint) {
  return (name: string, index: number, act: (check: ModelCheck, scene: Scene) => Promise<void>): Command => ({
    check: ({ checks }) => checks.length > 0,
    run: async ({ checks }, system) => {
      const check = checks[index % checks.length] as ModelCheck;
      const scene = { system, covered, endpoint };
      await act(check, scene);
      expect(await system.stateOf(check.real.id)).toBe(check.state);
      await comparePoll(check, scene);
    },
    toString: () => `${name} (${index})`,
  });
}

function create(): fc.Arbitrary<Command> {
  return fc.constant({
    check: ({ checks }) => checks.length < MAX_CHECKS,
    run: async ({ checks }, system) => {
      const key = randomUUID();
      const { replayed, ...real } = await system.create(key);
      expect(replayed).toBe(false);
      checks.push(model.newModelCheck(real, key));
    },
    toString: () => 'create',
  });
}

/** A sweep looks at all checks, and so is compared for all. */
function sweep(name: SweepName, covered: Coverage): Command {
  return {
    check: ({ checks }) => checks.length > 0,
    run: async ({ checks }, system) => {
      await system.sweep(name);
      for (const check of checks) {
        const before = check.state;
        model.sweep(check, name);
        expect(await system.stateOf(check.real.id)).toBe(check.state);
        judge(before, check.state, covered);
      }
    },
    toString: () => `sweep ${name}`,
  };
}

/** Somebody whose face is never in the picture, as often as they are let. */
function persist(index: number, known: Omit<Scene, 'system'>): Command {
  return {
    check: ({ checks }) => checks.length > 0,
    run: async (world, system) => {
      const check = world.checks[index % world.checks.length] as ModelCheck;
      const scene = { system, ...known };
      while (model.startRefusal(check) === null) {
        await visit(check, scene, 'nobody');
        await submit(check, scene, check.session);
        await score(check, scene);
        await sweep('decide', known.covered).run(world, system);
        await comparePoll(check, scene);
        if (check.state === 'failed' && check.linkLeft > 0) known.covered.add('used every attempt');
      }
    },
    toString: () => `persist (${index})`,
  };
}

/** Two windows on one link, of which neither finishes before it runs out. */
async function neverFinish(check: ModelCheck, scene: Scene): Promise<void> {
  await start(check, scene);
  await start(check, scene);
  await sendFrames(check, scene, { shows: 'attack', count: 1, session: check.formerSession });
  await submit(check, scene, check.session);
  await runOut(check, scene);
}

async function runOut(check: ModelCheck, { system }: Scene): Promise<void> {
  await system.advance(check.real.id, 700);
  model.advance(check, 700);
}

async function replay(check: ModelCheck, { system }: Scene): Promise<void> {
  const { replayed, ...again } = await system.create(check.idempotencyKey);
  expect(replayed).toBe(true);
  expect(again).toEqual(check.real);
}

/** A whole capture by one person: by single steps most runs would never get as far. */
async function visit(check: ModelCheck, scene: Scene, shows: Presentation): Promise<void> {
  await start(check, scene);
  await sendFrames(check, scene, { shows, count: 4, session: check.session });
}

/** Every event that may not happen now, tried past everything but the database. */
async function force(check: ModelCheck, { system, covered }: Scene): Promise<void> {
  for (const event of EVENTS) {
    if (event === 'start' ? model.startRefusal(check) === null : model.mayBeEndedBy(check, event)) continue;
    expect(await system.force(check.real.id, event)).toBe('refused');
    covered.add(coverageKey(check.state, event, 'stayed'));
  }
}

async function rotate(check: ModelCheck, { system }: Scene): Promise<void> {
  await system.rotateKey();
  expect((await system.get(check.real.token, 'former')).status).toBe(401);
}
