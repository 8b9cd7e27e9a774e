import type { Random } from '../contract.ts';
import { placedItem } from '../run/node-words.ts';
import type { Scene } from '../run/scene.ts';
import { type WantedState, wantedServices } from '../run/services.ts';
import type { Command } from './command.ts';

/** Somebody's schedule takes a snapshot of each volume. */
export const takeSnapshots: Command = {
  what: 'take snapshots',
  act({ world }) {
    for (const { id, isRoot, state } of world.aws.volumes())
      if (!isRoot && (state === 'in-use' || state === 'available')) world.aws.takeSnapshot(id);
  },
};

/**
 * The disk of one node fails for good, once in a world. Not with what only that node has: nothing could bring that back.
 */
export const loseVolume: Command = {
  what: 'lose a volume',
  act({ world }, random) {
    if (world.faults.hits.has('volume lost')) return;
    const spared = wantedServices(world).flatMap((service) => sparedVolumes(world, service));
    const lost = spared[random.below(Math.max(1, spared.length))];
    if (lost === undefined) return;
    const how = pickWay(random);
    world.story.tell(`TROUBLE ${lost} is lost, and is ${how} for EC2`);
    world.faults.hit('volume lost');
    world.aws.loseVolume(lost, how);
  },
};

function pickWay(random: Random): 'error' | 'forgotten' {
  return random.pick(['error', 'forgotten'] as const);
}

/** Volumes of nodes that run, and whose data others have that run too. */
function sparedVolumes(world: Scene['world'], service: WantedState): readonly string[] {
  const { name, clusterId, brokerIds, controllerIds } = service;
  const { brokers, caughtUpVoters, voters, partitions } = world.kafka.view(clusterId);
  const live = brokers.filter(({ fenced, taskArn }) => !fenced && world.containers.has(taskArn)).map(({ id }) => id);
  const isSparedBroker = (nodeId: number): boolean =>
    live.length > 1 &&
    live.includes(nodeId) &&
    partitions.every(
      ({ replicas, isr }) => !replicas.includes(nodeId) || isr.some((id) => id !== nodeId && live.includes(id)),
    );
  const isSparedController = (nodeId: number): boolean =>
    voters.length === 3 && caughtUpVoters.length === 3 && voters.includes(nodeId);
  return [...new Set([...brokerIds, ...controllerIds])].flatMap((nodeId) => {
    if (brokerIds.includes(nodeId) && !isSparedBroker(nodeId)) return [];
    if (controllerIds.includes(nodeId) && !isSparedController(nodeId)) return [];
    const { volume } = placedItem(world, { service: name, nodeId });
    return volume?.id === undefined || !isThere(world, volume.id) ? [] : [volume.id];
  });
}

/** Whether EC2 has the volume, and its disk works. */
export function isThere({ aws }: Pick<Scene['world'], 'aws'>, volumeId: string): boolean {
  return aws.volumes().some(({ id, state }) => id === volumeId && state !== 'deleted' && state !== 'error');
}
