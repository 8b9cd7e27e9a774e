import type { World } from '../world.ts';
import { isToBeReplaced, nodeWishes, placedItem } from './node-words.ts';
import { openSteps, planOf } from './plans.ts';

/** A service as the table says it is to be. */
export interface WantedState {
  readonly name: string;
  readonly clusterId: string;
  readonly configId: string;
  readonly brokerIds: readonly number[];
  readonly controllerIds: readonly number[];
  readonly leaves: boolean;
  /** Nothing of it is to run until somebody resumes it. */
  readonly hibernates: boolean;
}

/** The services that the table names. */
export function wantedServices({ aws }: Pick<World, 'aws'>): readonly WantedState[] {
  const items = aws.items();
  const find = (name: string, sk: string): Readonly<Record<string, unknown>> =>
    items.find((item) => item['pk'] === `SERVICE#${name}` && item['sk'] === sk) ?? {};
  return items
    .filter(({ pk }) => pk === 'SERVICES')
    .map(({ sk }) => {
      const name = String(sk);
      const target = find(name, 'TARGET');
      return {
        name,
        clusterId: String(target['clusterId']),
        configId: String(target['configId']),
        brokerIds: target['brokerIds'] as readonly number[],
        controllerIds: target['controllerIds'] as readonly number[],
        leaves: find(name, 'WISH')['uninstall'] !== undefined,
        hibernates: find(name, 'WISH')['hibernates'] === true,
      };
    });
}

/** What of the world is not yet as the services want it; empty when there is nothing left to do. */
export function unfinished(world: World): readonly string[] {
  const running = world.stepFunctions
    .executions()
    .filter(({ status, machine }) => status === 'RUNNING' && machine !== 'reconcile')
    .map(({ machine, name, states }) => `execution ${machine} ${name} runs in ${states.join(', ')}`);
  return [...running, ...wantedServices(world).flatMap((service) => unfinishedService(world, service))];
}

function unfinishedService(world: World, service: WantedState): readonly string[] {
  const { name, brokerIds, controllerIds } = service;
  if (service.leaves) return [`${name} has not left yet`];
  const nodeIds = [...new Set([...brokerIds, ...controllerIds])];
  const running = new Map(
    nodeIds.map((id) => [id, [...world.containers.values()].filter(({ startedBy }) => isNode(startedBy, name, id))]),
  );
  const view = world.kafka.view(service.clusterId);
  const serving = view.brokers.filter(({ id, fenced, taskArn }) => !fenced && runs(running.get(id), taskArn));
  const plan = planOf(world, name);
  const open = plan === undefined ? [] : openSteps(world, plan);
  const openPlan = open.length === 0 ? [] : [`plan ${plan?.id} of ${name} has open steps: ${open.join(', ')}`];
  if (service.hibernates) {
    const awake = nodeIds.filter((id) => running.get(id)?.length !== 0);
    return [...openPlan, ...awake.map((id) => `node ${id} of ${name} runs and is to hibernate`), ...held(world, name)];
  }
  const replaced = nodeWishes(world, name).filter((wish) => isToBeReplaced(wish, placedItem(world, wish)));
  return [
    ...openPlan,
    ...replaced.map(({ nodeId }) => `node ${nodeId} of ${name} is to be replaced`),
    ...nodeIds.flatMap((id) => (running.get(id)?.length === 1 ? [] : [`node ${id} of ${name} does not run`])),
    ...brokerIds.flatMap((id) =>
      serving.some((broker) => broker.id === id) ? [] : [`broker ${id} of ${name} does not serve`],
    ),
    ...controllerIds.flatMap((id) =>
      view.caughtUpVoters.includes(id) ? [] : [`${id} of ${name} is no voter that is caught up`],
    ),
    ...view.partitions.flatMap((partition) =>
      partition.isr.length === partition.replicas.length && partition.leader !== null
        ? []
        : [`${partition.name} of ${name} is not in sync: ISR ${partition.isr.join(', ')}`],
    ),
    ...held(world, name),
  ];
}

/** Nodes, and the place for one that is down, that somebody has. */
function held({ aws }: World, name: string): readonly string[] {
  return aws.items().flatMap((item) => {
    if (item['pk'] !== `SERVICE#${name}`) return [];
    if (item['sk'] === 'SLOT') return [`the place of ${name} for a node that is down is taken`];
    const isHeld = String(item['sk']).startsWith('LEASE#') && item['released'] === false;
    return isHeld ? [`${String(item['sk'])} of ${name} is held`] : [];
  });
}

function isNode(startedBy: string, service: string, nodeId: number): boolean {
  return startedBy.startsWith(`warden/${service}/${nodeId}/node/`);
}

function runs(runs: readonly { readonly taskArn: string }[] | undefined, taskArn: string): boolean {
  return runs?.some((run) => run.taskArn === taskArn) === true;
}
