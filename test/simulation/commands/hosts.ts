import type { Command } from './command.ts';
import { hostsThatMayEnd } from './hosts-that-may-end.ts';

/** Longer than the debounce of a silence, and than a grace period that a seed may have drawn. */
const silentMs = 9 * 60_000;

/** An agent falls silent, and so do all processes there or some: only Kafka and EC2 know what is left. */
export const silenceHost: Command = {
  what: 'silence a host',
  act(scene, random) {
    const { world } = scene;
    const hosts = world.aws.hosts();
    const host = hosts[random.below(Math.max(1, hosts.length))];
    if (host === undefined) return;
    const { instanceId } = host;
    world.story.tell(`TROUBLE ${instanceId} falls silent`);
    world.faults.hit('host silenced');
    world.aws.disconnectAgent(instanceId);
    const dies = random.pick([0, 0.5, 1] as const);
    const there = [...world.containers.values()].filter((run) => run.host.instanceId === instanceId);
    for (const { taskArn } of there) if (random.chance(dies)) world.aws.killTask(taskArn);
    if (random.chance(0.4)) return;
    world.clock.after(random.below(silentMs), 'the agent is back', () => {
      if (world.aws.hosts().some((other) => other.instanceId === instanceId)) world.aws.connectAgent(instanceId);
    });
  },
};

/** An operator looks at the hosts, and ends one; now and then one that lives. */
export const fenceHost: Command = {
  what: 'fence a host',
  act: async (scene, random) => {
    const { send, world } = scene;
    await send({ method: 'GET', path: '/v1/hosts' });
    const hosts = world.aws.hosts();
    const host = hosts[random.below(Math.max(1, hosts.length))];
    if (host === undefined || !hostsThatMayEnd(world).includes(host)) return;
    const query = random.chance(0.2) ? { force: 'true' } : {};
    await send({ method: 'POST', path: `/v1/hosts/${host.instanceId}/fence`, query });
  },
};
