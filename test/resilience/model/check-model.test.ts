import { createHmac } from 'node:crypto';
import { eventually } from '@livegate/test-kit/eventually';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen } from './check-model.ts';
import { makeCommands, type World } from './commands.ts';
import { type Coverage, EVERYTHING } from './coverage.ts';
import { startSystem } from './system.ts';

// Fixed, so that what is covered does not depend on luck; any other seed must hold as well.
const SEED = 2026;
const system = await startSystem();

describe('a check, whatever is done to it in whatever order', () => {
  it('is in the state, and gives the answers, that the model says; every transition and refusal is reached', async () => {
    const covered: Coverage = new Set();
    const { arbitraries, tour } = makeCommands(covered, { secrets: [system.endpoint.secret] });
    await fc.assert(
      fc.asyncProperty(fc.commands(arbitraries, { maxCommands: 45, size: 'max' }), async (commands) => {
        const world: World = { checks: [] };
        await fc.asyncModelRun(() => ({ model: world, real: system }), commands);
        for (const command of tour) if (command.check(world)) await command.run(world, system);
        await tellsOfEveryEnd(world);
      }),
      { seed: SEED, numRuns: 30, endOnFailure: true },
    );
    expect(EVERYTHING.filter((key) => !covered.has(key))).toEqual([]);
  });
});

/** The real dispatcher runs beside: every end was told once by id, of the right kind, signed with the check's own secret. */
async function tellsOfEveryEnd({ checks }: World): Promise<void> {
  for (const check of checks) {
    const { token, secret } = check.real;
    const told = () => system.receiver.received.filter(({ body }) => JSON.parse(body.toString('utf8')).token === token);
    if (isOpen(check)) {
      expect(told()).toEqual([]);
      continue;
    }
    await eventually(() => told().length > 0);
    expect(new Set(told().map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const { headers, body } of told()) {
      expect(JSON.parse(body.toString('utf8')).event).toBe(check.state);
      expect(headers.signature).toBe(createHmac('sha256', secret).update(body).digest('hex'));
    }
  }
}
