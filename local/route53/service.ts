import type { Cloud, LocalService } from '../core/service.ts';
import { recordSetHandlers } from './record-sets.ts';
import { Route53Store } from './store.ts';
import { zoneHandlers } from './zones.ts';

/** Route 53: private zones. What their records say is resolved for the tasks and the functions of their VPCs. */
export function createRoute53Service(cloud: Cloud): LocalService {
  const store = new Route53Store(cloud);
  return {
    name: 'route53',
    handlers: { ...zoneHandlers(cloud, store), ...recordSetHandlers(store) },
    start: () => store.start(),
    stop: () => store.stop(),
  };
}
