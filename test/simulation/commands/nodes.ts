import type { Scene } from '../run/scene.ts';
import { wantedServices } from '../run/services.ts';
import type { Command } from './command.ts';

const words = ['restart', 'restart', 'restart', 'pause', 'pause', 'resume'] as const;
const deadlines = ['40s', '3m', '12m'] as const;

/** An operator says something about one node of a service. */
export function speakOfNode(name: string): Command {
  return {
    what: `speak of a node of ${name}`,
    act: async ({ send, world }, random) => {
      const service = wantedServices(world).find((wanted) => wanted.name === name);
      if (service === undefined) return;
      const nodeIds = [...new Set([...service.brokerIds, ...service.controllerIds])];
      const nodeId = nodeIds[random.below(nodeIds.length)] ?? 0;
      const word = random.pick(words);
      const path = `/service/${name}/v1`;
      if (word === 'restart' && nodeId < 1000 && random.chance(0.3)) {
        await send({ method: 'PUT', path: `${path}/brokers/${nodeId}` });
        return;
      }
      const query = word === 'pause' && random.chance(0.6) ? { for: random.pick(deadlines) } : {};
      await send({ method: 'POST', path: `${path}/pod/${podOf(nodeId)}/${word}`, query });
    },
  };
}

/** An operator has one node of a service replaced, with its volume or with an empty one. */
export function replaceNode(name: string): Command {
  return {
    what: `replace a node of ${name}`,
    act: async ({ send, world }, random) => {
      const service = wantedServices(world).find((wanted) => wanted.name === name);
      if (service === undefined) return;
      const nodeIds = [...new Set([...service.brokerIds, ...service.controllerIds])];
      const nodeId = nodeIds[random.below(nodeIds.length)] ?? 0;
      const path = `/service/${name}/v1`;
      if (nodeId < 1000 && random.chance(0.15)) {
        await send({ method: 'PUT', path: `${path}/brokers/${nodeId}`, query: { replace: 'true' } });
        return;
      }
      // Nobody forces it here: that may lose what was acknowledged.
      const query = random.chance(0.65) ? { volume: 'discard' } : {};
      await send({ method: 'POST', path: `${path}/pod/${podOf(nodeId)}/replace`, query });
    },
  };
}

/** POST …/pod/{pod}/resume */
export async function resume({ send }: Pick<Scene, 'send'>, name: string, nodeId: number): Promise<void> {
  await send({ method: 'POST', path: `/service/${name}/v1/pod/${podOf(nodeId)}/resume` });
}

/** POST …/pod/{pod}/replace?volume=discard */
export async function discard({ send }: Pick<Scene, 'send'>, name: string, nodeId: number): Promise<void> {
  await send({
    method: 'POST',
    path: `/service/${name}/v1/pod/${podOf(nodeId)}/replace`,
    query: { volume: 'discard' },
  });
}

function podOf(nodeId: number): string {
  return nodeId < 1000 ? `kafka-${nodeId}` : `controller-${nodeId - 1000}`;
}
