import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESENTATIONS, type Presentation } from './check-model.ts';
import { type CreatedCheck, SWEEP_NAMES, type SweepName, startSystem } from './system.ts';

const system = await startSystem();

type Person = { shows: Presentation; frames: number; finishes: boolean };
type Turn = { kind: 'sweep'; name: SweepName } | { kind: 'score' } | { kind: 'pass'; seconds: number };

const person: fc.Arbitrary<Person> = fc.record({
  shows: fc.constantFrom<Presentation>('bona fide', 'attack', 'nobody'),
  frames: fc.integer({ min: 2, max: 5 }),
  finishes: fc.boolean(),
});
const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...SWEEP_NAMES).map((name) => ({ kind: 'sweep' as const, name })) },
  { weight: 4, arbitrary: fc.constant({ kind: 'score' as const }) },
  { weight: 1, arbitrary: fc.constantFrom(130, 700).map((seconds) => ({ kind: 'pass' as const, seconds })) },
);

describe('two people on one link, an integrator and the background, all at once', () => {
  it('end the check once, by the table, with answers that never go back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.tuple(person, person),
        fc.array(turn, { minLength: 6, maxLength: 14 }),
        fc.integer({ min: 2, max: 6 }),
        async (scheduler, people, turns, polls) => {
          const key = randomUUID();
          const check = await system.create(key);
          const seen: { status: number; says: unknown }[] = [];
          let taken = 0;
          // The scheduler decides who goes next; nobody waits for the step of another to end, so steps overlap in Postgres.
          const gate = (label: string) => scheduler.schedule(Promise.resolve(), label);
          const capture = people.map(async (one) => {
            taken += (await visit(check, one, gate)) ? 1 : 0;
          });
          const background = (async () => {
            for (const next of turns) {
              await gate(next.kind);
              await take(next, check);
            }
          })();
          const integrator = (async () => {
            for (let poll = 0; poll < polls; poll += 1) {
              await gate('poll');
              const { status, body } = await system.get(check.token);
              seen.push({ status, says: body.status });
              if (poll === 1) expect((await system.create(key)).token).toBe(check.token);
            }
          })();
          await scheduler.waitFor(Promise.all([...capture, background, integrator]));
          await toItsEnd(check);
          const { status, body } = await system.get(check.token);
          seen.push({ status, says: body.status });
          expectForward(seen);
          await expectOneEnd(check, taken);
        },
      ),
      { seed: 2026, numRuns: 40, endOnFailure: true },
    );
  });
});

/** One window: start, frames, finish, as far as it is let. True when its submission was taken. */
async function visit(
  { link }: CreatedCheck,
  { shows, frames, finishes }: Person,
  gate: (label: string) => Promise<void>,
) {
  await gate('start');
  const started = await system.capture(link, { path: 'start', method: 'POST', body: {} });
  expect([200, 409, 410]).toContain(started.status);
  if (started.status !== 200) return false;
  const session = String(started.body.session);
  const body = Buffer.from([0xff, 0xd8, 0xff, PRESENTATIONS[shows]]);
  for (let seq = 0; seq < frames; seq += 1) {
    await gate('frame');
    const { status } = await system.capture(link, { path: `frames/${seq}`, method: 'PUT', session, body });
    expect([204, 409, 410]).toContain(status);
    if (status !== 204) return false;
  }
  if (!finishes) return false;
  await gate('finish');
  const { status } = await system.capture(link, { path: 'finish', method: 'POST', session, body: { frames } });
  expect([202, 409, 410, 422]).toContain(status);
  return status === 202;
}

async function take(next: Turn, { id }: CreatedCheck): Promise<void> {
  if (next.kind === 'sweep') await system.sweep(next.name);
  else if (next.kind === 'score') await system.score(id);
  else await system.advance(id, next.seconds);
}

/** The link's end, then rounds of the background until nothing is open. */
async function toItsEnd({ id }: CreatedCheck): Promise<void> {
  for (let rounds = 0; rounds < 4; rounds += 1) {
    await system.score(id);
    await system.sweep('decide');
    await system.advance(id, 700);
    await system.sweep('expire');
    await system.sweep('fail');
  }
}

/** Pending, then in progress, then one end for ever. */
function expectForward(seen: readonly { status: number; says: unknown }[]): void {
  const rank = { pending: 0, in_progress: 1, complete: 2, failed: 2, expired: 2 } as Record<string, number>;
  const ranks = seen.map(({ says }) => rank[String(says)]);
  expect(ranks).toEqual([...ranks].sort());
  const ends = new Set(seen.filter(({ status }) => status !== 202).map(({ status, says }) => `${status} ${says}`));
  expect([...ends]).toHaveLength(1);
}

async function expectOneEnd({ id }: CreatedCheck, taken: number): Promise<void> {
  const { rows } = await system.db.query(
    `select state, attempt,
            (select count(*)::int from events where check_id = $1 and terminal) as events,
            (select count(*)::int from deliveries where check_id = $1 and endpoint_id is null) as deliveries,
            array(select event from check_transition_log where check_id = $1 order by sequence) as moves
       from checks where id = $1`,
    [id],
  );
  const { state, attempt, events, deliveries, moves } = rows[0];
  expect({ events, deliveries }).toEqual({ events: 1, deliveries: 1 });
  expect(moves.join(' ')).toMatch(/^create (start (verdict|fail|expire)|expire)$/);
  // A submission that was taken, and not handed back, is decided: it never expires.
  if (taken > 0 && attempt === 1) expect(state).not.toBe('expired');
}
