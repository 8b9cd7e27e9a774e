import type { RunningConfig } from '../contract.ts';
import type { Scene } from '../run/scene.ts';
import { type WantedState, wantedServices } from '../run/services.ts';
import type { Invariant } from './invariant.ts';
import type { ConfigItem } from './stored-plans.ts';
import { defaultOf, roleOf, wantedProperty } from './what-a-start-changes.ts';
import { keyOf, writtenBy } from './written-items.ts';

/** What each node goes by, of all that stories change. */
const looked = {
  broker: [
    ...['message.max.bytes', 'background.threads', 'offsets.topic.num.partitions', 'queued.max.requests'],
    ...['min.insync.replicas', 'default.replication.factor'],
  ],
  controller: ['queued.max.requests', 'default.replication.factor', 'min.insync.replicas'],
} as const;

/** When all is quiet, the file of each process and what it was told since make the target config, whoever set what. */
export function atRestEveryNodeRunsTheTarget({ world, overrides }: Pick<Scene, 'world' | 'overrides'>): Invariant {
  const takenInHand = watchClaims(world);
  return {
    rule: 'I8: at rest every node runs the target config',
    atRest() {
      for (const service of wantedServices(world)) {
        const config: object | undefined = world.aws
          .items()
          .find(({ pk, sk }) => pk === `CONFIG#${service.name}` && sk === service.configId);
        if (service.leaves || config === undefined) continue;
        const wrong = wrongNode(world, service, config as ConfigItem) ?? leftByHand(service.name, service.clusterId);
        if (wrong !== undefined) return `${wrong}, of ${service.name} with target ${service.configId}`;
      }
      return undefined;
    },
  };

  /** What others set before a step or recovery took a node in hand is taken back when that is through. */
  function leftByHand(service: string, clusterId: string): string | undefined {
    const running = world.kafka.configs(clusterId);
    const isSetAgain = (each: Scene['overrides'][number]): boolean =>
      overrides.some(
        (later) =>
          later.setAt > each.setAt &&
          later.clusterId === each.clusterId &&
          later.brokerId === each.brokerId &&
          later.name === each.name,
      );
    const set = overrides.find(
      (each) =>
        each.clusterId === clusterId &&
        !isSetAgain(each) &&
        each.setAt < (takenInHand.get(`${service} ${each.brokerId}`) ?? 0) &&
        running.some(({ nodeId, overrides: own }) => nodeId === each.brokerId && own[each.name] === each.value),
    );
    return set === undefined ? undefined : `broker ${set.brokerId} still has ${set.name} as it was set by hand`;
  }
}

function wrongNode(world: Scene['world'], service: WantedState, config: ConfigItem): string | undefined {
  const running = world.kafka.configs(service.clusterId);
  for (const node of running) {
    const role = roleOf(node.nodeId);
    for (const name of looked[role]) {
      const [value, wanted] = [inForce(node, name), wantedProperty(config, name)];
      if (value !== wanted) return `node ${node.nodeId} has ${name} ${value} instead of ${wanted}`;
    }
    const { size } = (role === 'broker' ? config.options.brokers : config.options.controllers).heap;
    const given = world.containers.get(node.taskArn)?.environment['KAFKA_HEAP_OPTS'];
    if (given !== `-Xms${size}m -Xmx${size}m`) return `node ${node.nodeId} has a heap of ${given} instead of ${size}`;
  }
  return undefined;
}

function inForce({ overrides, clusterDefaults, properties }: RunningConfig, name: string): string {
  return overrides[name] ?? clusterDefaults[name] ?? properties.get(name) ?? defaultOf(name);
}

/** When the work on each node began that was brought to its end last. */
function watchClaims({ onServed, clock }: Scene['world']): ReadonlyMap<string, number> {
  const begun = new Map<string, number>();
  const through = new Map<string, number>();
  onServed((call) => {
    const { put } = writtenBy(call);
    const isInSync = put.some(({ sk }) => String(sk).startsWith('GOAL#'));
    for (const item of put.filter(({ sk }) => String(sk).startsWith('LEASE#'))) {
      const began = begun.get(keyOf(item));
      if (item['released'] === false) begun.set(keyOf(item), clock.now());
      else if (began !== undefined && isInSync)
        through.set(`${String(item['service'])} ${String(item['nodeId'])}`, began);
    }
  });
  return through;
}
