import type { Cloud, LocalService } from '../core/service.ts';
import { endArchiveMakers, prepareImages } from '../images/prepare-images.ts';
import { AgentLines } from './agent-lines.ts';
import { createEcsChaos } from './chaos.ts';
import { clusterHandlers } from './clusters.ts';
import { containerInstanceHandlers } from './container-instances.ts';
import { Fleet } from './fleet.ts';
import { Hosting } from './hosting.ts';
import { openStore } from './store.ts';
import { tagHandlers } from './tags.ts';
import { taskDefinitionHandlers } from './task-definitions.ts';
import { taskHandlers } from './tasks.ts';

/** Amazon ECS on EC2: placement and accounting here, processes in the agents of the hosts. */
export function createEcsService(cloud: Cloud): LocalService {
  const store = openStore(cloud);
  const lines = new AgentLines();
  const fleet = new Fleet(cloud, store, lines);
  const hosting = new Hosting({ cloud, store, fleet, lines });
  const chaos = createEcsChaos({ cloud, store, lines });
  return {
    name: 'ecs',
    chaos,
    handlers: {
      ...clusterHandlers(cloud, store, () => hosting.dropAllTerminated()),
      ...taskDefinitionHandlers(cloud, store),
      ...containerInstanceHandlers({ cloud, store, fleet }),
      ...taskHandlers({ cloud, store, fleet }),
      ...tagHandlers(store),
    },
    start: async () => {
      prepareImages(cloud);
      await hosting.start();
    },
    stop: async () => {
      chaos.calm();
      await hosting.stop();
      // The last: hosts that pull an image start makers too.
      await endArchiveMakers(cloud.dataFolder);
    },
  };
}
