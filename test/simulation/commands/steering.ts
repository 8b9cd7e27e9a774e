import type { HttpRequest } from '../cloud/api-request.ts';
import type { Random } from '../contract.ts';
import { type PlanItem, planOf } from '../run/plans.ts';
import type { Scene } from '../run/scene.ts';
import type { Command } from './command.ts';

const verbs = ['continue', 'interrupt', 'forceComplete', 'restart', 'start', 'stop'] as const;
type Verb = (typeof verbs)[number];

/** How often each is said: to go on is said most. */
const said: readonly [Verb, ...Verb[]] = [
  ...(['continue', 'continue', 'continue', 'continue', 'interrupt', 'interrupt', 'interrupt'] as const),
  ...(['restart', 'restart', 'forceComplete', 'start', 'stop'] as const),
];

/** An operator says something about the newest plan of a service: of all of it, of a phase or of a step. */
export function steer(name: string): Command {
  return {
    what: `steer ${name}`,
    act: async ({ send, world }, random) => {
      const plan = planOf(world, name);
      if (plan !== undefined) await send(drawRequest(random, plan));
    },
  };
}

function drawRequest(random: Random, plan: PlanItem): HttpRequest {
  const verb = random.pick(said);
  const part = verb === 'start' || verb === 'stop' ? {} : drawPart(random, plan);
  const path = `/service/${plan.service}/v1`;
  const method = random.chance(0.5) ? 'PUT' : 'POST';
  // In the words of the 1.x guides, which know neither start nor stop.
  if (verb !== 'start' && verb !== 'stop' && random.chance(0.3)) {
    const { step, ...rest } = part;
    const query = { ...rest, ...(step === undefined ? {} : { block: step }) };
    return random.chance(0.5)
      ? { method, path: `${path}/plan/${verb}`, query }
      : { method, path: `${path}/plan`, query: { ...query, cmd: verb } };
  }
  const called = random.chance(0.7) ? 'deploy' : plan.id;
  return { method, path: `${path}/plans/${called}/${verb}`, query: { ...part } };
}

interface Part {
  readonly phase?: string;
  readonly step?: string;
}

/** By name or by id. */
function drawPart(random: Random, { phases }: PlanItem): Part {
  const phase = phases[random.below(Math.max(1, phases.length))];
  if (phase === undefined || random.chance(0.4)) return {};
  const step = phase.steps[random.below(phase.steps.length)];
  const isByName = random.chance(0.5);
  const ofPhase = { phase: isByName ? phase.name : phase.id };
  if (step === undefined || random.chance(0.4)) return ofPhase;
  return { ...ofPhase, step: isByName ? step.name : step.id };
}

/** POST …/plans/deploy/continue */
export async function sayContinue({ send }: Pick<Scene, 'send'>, name: string, phase?: string): Promise<void> {
  const query = phase === undefined ? {} : { phase };
  await send({ method: 'POST', path: `/service/${name}/v1/plans/deploy/continue`, query });
}

/** POST …/plans/deploy/restart for a step by its id */
export async function restartStep(
  { send }: Pick<Scene, 'send'>,
  name: string,
  part: { readonly phase: string; readonly step: string },
): Promise<void> {
  await send({ method: 'POST', path: `/service/${name}/v1/plans/deploy/restart`, query: part });
}
