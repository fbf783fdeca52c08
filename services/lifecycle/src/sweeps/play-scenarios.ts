/** Takes sandbox checks one step further in the scenario that was chosen for them. */
import { listScenariosDue } from '@livegate/db/scenarios';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import { playScenario } from '../play-scenario.ts';
import type { SweepDeps } from '../sweep.ts';

export async function playScenarios(deps: SweepDeps): Promise<number> {
  return eachOnItsOwn(await listScenariosDue(deps.db, 100), deps.logger, (id) => playScenario(deps, id));
}
