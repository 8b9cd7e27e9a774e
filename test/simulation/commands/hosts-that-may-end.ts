import type { SimulatedHost } from '../contract.ts';
import { placedItem } from '../run/node-words.ts';
import { wantedServices } from '../run/services.ts';
import type { World } from '../world.ts';

/**
 * Hosts that may end for good: none with a controller while another voter of its quorum is down or not caught up. Without
 * names each voter knows the others by the addresses that are written down; when most of them come up elsewhere before that
 * is changed, Kafka elects no leader any more (README, Limits).
 */
export function hostsThatMayEnd(world: World): readonly SimulatedHost[] {
  const kept = wantedServices(world).flatMap(({ name, clusterId }) => {
    const { voters, caughtUpVoters } = world.kafka.view(clusterId);
    const needed = voters.filter((id) => voters.some((other) => other !== id && !caughtUpVoters.includes(other)));
    return needed.flatMap((nodeId) => placedItem(world, { service: name, nodeId }).host?.instanceId ?? []);
  });
  return world.aws.hosts().filter(({ instanceId }) => !kept.includes(instanceId));
}
