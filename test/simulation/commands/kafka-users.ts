import type { Scene } from '../run/scene.ts';
import type { Command } from './command.ts';

const produceEveryMs = 3_000;

/** Somebody makes a topic. */
export const createTopic: Command = {
  what: 'create a topic',
  act({ world }, random) {
    for (const clusterId of clusterIds({ world })) {
      const name = `topic-${random.below(1000)}`;
      const isCreated = world.kafka.createTopic(clusterId, { name, partitions: 1 + random.below(4) });
      if (isCreated) world.story.tell(`topic ${name} is created`);
    }
  },
};

/** From now on somebody writes to every topic, again and again. */
export function beginProducing({ world }: Pick<Scene, 'world'>): void {
  const produce = () => {
    for (const clusterId of clusterIds({ world })) world.kafka.produce(clusterId);
    world.clock.after(produceEveryMs, 'records', produce);
  };
  produce();
}

function clusterIds({ world }: Pick<Scene, 'world'>): readonly string[] {
  const ids = [...world.containers.values()].map(({ environment }) => environment['WARDEN_CLUSTER_ID']);
  return [...new Set(ids.filter((id) => id !== undefined))];
}
