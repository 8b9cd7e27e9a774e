import type { MadeCall } from '../cloud/external-calls.ts';
import { beginProducing } from '../commands/kafka-users.ts';
import { uninstall } from '../commands/operator.ts';
import { mendEverything } from '../commands/trouble.ts';
import type { Violation } from '../contract.ts';
import type { Fault } from '../faults/faults.ts';
import { watchAll } from '../invariants/index.ts';
import type { Invariant } from '../invariants/invariant.ts';
import { createHost, type World } from '../world.ts';
import { check, watchSteps } from './look.ts';
import { sendPatientOperator } from './patient-operator.ts';
import type { Scenario } from './scenario.ts';
import { createScene, type Scene } from './scene.ts';
import { unfinished, wantedServices } from './services.ts';

/** How a run ended. */
export interface Report {
  readonly seed: string;
  readonly violations: readonly Violation[];
  /** The end of the story, for people. */
  readonly story: readonly string[];
  /** Equal for equal stories. */
  readonly fingerprint: string;
  readonly steps: number;
  /** Calls that left a function. */
  readonly calls: readonly MadeCall[];
  readonly hits: ReadonlyMap<Fault, number>;
}

const minuteMs = 60_000;
/** Longer than two sweeps of reconcile: what looks finished must stay so. */
const restMs = 11 * minuteMs;
/** Everything that was accepted must be done so long after the last fault. */
const patienceMs = 4 * 60 * minuteMs;

/** Runs a scenario to its rest, or to the first broken rule; an error of a model counts as one, with its story. */
export async function runScenario(world: World, scenario: Scenario): Promise<Report> {
  try {
    await playScenario(world, scenario);
  } catch (error) {
    world.violations.push({ rule: 'the simulation runs', story: describe(error) });
  }
  return reportOf(world);
}

async function playScenario(world: World, scenario: Scenario): Promise<void> {
  const scene = createScene(world);
  const invariants = watchAll(scene);
  const isBroken = () => world.violations.length > 0;
  watchSteps(world, invariants);
  beginProducing(scene);
  for (const [index, command] of scenario.commands.entries()) {
    world.clock.after(command.atMs, command.what, () => {
      world.story.tell(`COMMAND ${command.what}`);
      Promise.resolve(command.act(scene, world.random.fork(`command ${index}`))).catch((error: unknown) => {
        world.violations.push({ rule: 'the simulation runs', story: describe(error) });
      });
    });
  }
  await world.clock.pass(scenario.troubledMs, isBroken);
  mendEverything(scene);
  for (const index of [0, 1, 2]) world.aws.addHost(createHost(100 + index));
  sendPatientOperator(scene);
  await comeToRest(world, invariants);
  if (scenario.endsEmpty && !isBroken()) {
    await takeAllAway(scene);
    await comeToRest(world, invariants);
  }
}

export function reportOf(world: World): Report {
  return {
    seed: world.seed,
    violations: world.violations,
    story: world.story.lines(),
    fingerprint: world.story.fingerprint(),
    steps: world.clock.steps,
    calls: world.calls.made,
    hits: world.faults.hits,
  };
}

/** Waits until nothing is left to do and stays so, then lets all rules look. */
async function comeToRest(world: World, invariants: readonly Invariant[]): Promise<void> {
  const isBroken = () => world.violations.length > 0;
  const limit = world.clock.now() + patienceMs;
  const told = new Set<string>();
  for (let finishedAt: number | undefined; finishedAt === undefined || world.clock.now() < finishedAt + restMs; ) {
    await world.clock.pass(minuteMs, isBroken);
    if (isBroken()) return;
    const left = unfinished(world);
    if (left.length > 0) finishedAt = undefined;
    else finishedAt ??= world.clock.now();
    for (const what of left.filter((line) => !told.has(line))) {
      told.add(what);
      world.story.tell(`not done: ${what}`);
    }
    if (world.clock.now() > limit) {
      world.violations.push({
        rule: 'I5: everything comes to its end once faults have stopped',
        story: left.join('; '),
      });
      return;
    }
  }
  check(world, invariants, 'nowAndThen');
  check(world, invariants, 'atRest');
}

/** Without faults an uninstall is accepted at once. */
async function takeAllAway(scene: Scene): Promise<void> {
  for (const { name } of wantedServices(scene.world)) {
    const sent = Promise.resolve(uninstall(name, false).act(scene, scene.world.random));
    await scene.world.clock.pass(minuteMs);
    await sent;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
