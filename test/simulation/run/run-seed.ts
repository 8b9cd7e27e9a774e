import type { SimulatedStack } from '../cloud/stack.ts';
import { drawProfile, randomFaults } from '../faults/random-faults.ts';
import { createRandom } from '../kernel/random.ts';
import { beginsAt } from '../kernel/timeline.ts';
import { createHosts, createWorld } from '../world.ts';
import { type Report, runScenario } from './run-scenario.ts';
import { drawScenario } from './scenario.ts';

/** Everything of a run follows from its seed. */
export function runSeed(seed: string, stack: SimulatedStack): Promise<Report> {
  const scenario = drawScenario(createRandom(`${seed}/scenario`));
  const world = createWorld({
    ...{ seed, stack, hosts: createHosts(scenario.hosts) },
    faults: (clock, random) =>
      randomFaults(random, clock, drawProfile(random.fork('profile'), beginsAt + scenario.troubledMs)),
  });
  return runScenario(world, scenario);
}
