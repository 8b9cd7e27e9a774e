import { resume } from '../commands/nodes.ts';
import { restartStep, sayContinue } from '../commands/steering.ts';
import { fatalOptions, harmlessOptions, patch } from '../commands/updates.ts';
import { isPaused, isToBeReplaced, nodeWishes, placedItem } from './node-words.ts';
import { openSteps, planOf, steeringOf } from './plans.ts';
import type { Scene } from './scene.ts';
import { wantedServices } from './services.ts';

const lookEveryMs = 5 * 60_000;
/** First nobody says anything: what waits for an operator waits, and does nothing. */
const firstLookMs = 8 * 60_000;

/**
 * From now on somebody looks after every plan: resumes nodes that are paused without end, takes empty volumes back that
 * nodes do not get, takes options back that no broker boots with, has steps done again that
 * were forced, and says continue until the plan is complete.
 */
export function sendPatientOperator(scene: Scene): void {
  const { world } = scene;
  const look = (): void => {
    if (world.violations.length > 0) return;
    for (const { name, leaves } of wantedServices(world)) {
      if (leaves) continue;
      lookAfter(scene, name).catch((error: unknown) => {
        world.violations.push({ rule: 'the simulation runs', story: String(error) });
      });
    }
    world.clock.after(lookEveryMs, 'an operator looks after plans', look);
  };
  world.clock.after(firstLookMs, 'an operator looks after plans', look);
}

async function lookAfter(scene: Scene, name: string): Promise<void> {
  const { world } = scene;
  for (const wish of nodeWishes(world, name)) {
    if (isPaused(wish, world.clock.now()) && wish.pause?.until === undefined) await resume(scene, name, wish.nodeId);
    // What only that node has is not copied by waiting.
    const waits = wish.replace?.volume === 'discard' && isToBeReplaced(wish, placedItem(world, wish));
    if (waits && !isPaused(wish, world.clock.now())) await resume(scene, name, wish.nodeId);
  }
  const plan = planOf(world, name);
  if (plan === undefined) return;
  if (isFatal(scene, name)) {
    await patch(scene, name, { options: harmlessOptions });
    return;
  }
  const forced = steeringOf(world, plan)?.forced ?? [];
  for (const phase of plan.phases) {
    for (const step of phase.steps.filter(({ id }) => forced.includes(id)))
      await restartStep(scene, name, { phase: phase.id, step: step.id });
  }
  if (openSteps(world, plan).length > 0) await sayContinue(scene, name);
}

function isFatal({ world }: Scene, name: string): boolean {
  const configId = wantedServices(world).find((service) => service.name === name)?.configId;
  const config = world.aws.items().find(({ pk, sk }) => pk === `CONFIG#${name}` && sk === configId);
  const { kafka }: { kafka?: Record<string, unknown> } = Object(config?.['options']);
  return Object.entries(fatalOptions['kafka'] ?? {}).every(([option, value]) => kafka?.[option] === value);
}
