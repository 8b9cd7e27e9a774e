import type { Cloud, LocalService } from '../core/service.ts';
import { createEc2Chaos } from './chaos.ts';
import { Hypervisor } from './hypervisor.ts';
import { instanceTypeHandlers } from './instance-types.ts';
import { instanceHandlers } from './instances.ts';
import { launchTemplateHandlers } from './launch-templates.ts';
import { gatewayHandlers, routeTableHandlers } from './route-tables.ts';
import { securityGroupHandlers } from './security-groups.ts';
import { Snapshots } from './snapshots.ts';
import { SpotNotices } from './spot-notices.ts';
import { isResource, openStore } from './store.ts';
import { tagHandlers } from './tags.ts';
import { Volumes } from './volumes.ts';
import { vpcEndpointHandlers } from './vpc-endpoints.ts';
import { vpcHandlers } from './vpcs.ts';
import { zoneHandlers } from './zones.ts';

/** How hosts get their addresses. */
export interface Ec2Options {
  /** The first two parts of every host's loopback address; the cloud's unless told otherwise. */
  readonly addressPrefix?: string;
}

/** Amazon EC2 and EBS: networks as facts, instances as agent processes, volumes as folders. */
export function createEc2Service(cloud: Cloud, options: Ec2Options = {}): LocalService {
  const store = openStore(cloud);
  const volumes = new Volumes(cloud, store);
  const snapshots = new Snapshots(cloud, store);
  const hypervisor = new Hypervisor(cloud, store, volumes);
  const notices = new SpotNotices(cloud, store, (record) => hypervisor.put(record));
  const chaos = createEc2Chaos({ cloud, store, notices, volumes });
  return {
    name: 'ec2',
    chaos,
    handlers: {
      ...zoneHandlers(cloud.region),
      ...instanceTypeHandlers,
      ...vpcHandlers(cloud, store),
      ...routeTableHandlers(cloud, store),
      ...gatewayHandlers(cloud, store),
      ...securityGroupHandlers(cloud, store),
      ...vpcEndpointHandlers(cloud, store),
      ...launchTemplateHandlers(cloud, store),
      ...instanceHandlers({ cloud, store, hypervisor, addressPrefix: options.addressPrefix ?? cloud.addressPrefix }),
      ...volumes.handlers,
      ...snapshots.handlers,
      ...tagHandlers(store.tags, (id) => isResource(store, id)),
    },
    start: () => {
      volumes.start();
      snapshots.start();
      hypervisor.start();
      notices.start();
    },
    stop: () => {
      chaos.calm();
      volumes.stop();
      hypervisor.stop();
    },
  };
}
