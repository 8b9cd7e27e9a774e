import type { Cloud, LocalService } from '../core/service.ts';
import { createGroupHandlers } from './groups.ts';
import { openLogStore } from './log-store.ts';
import { createQueryHandlers } from './queries.ts';
import { createStreamHandlers } from './streams.ts';

/** CloudWatch Logs over files in the data folder. `now` is the clock in epoch milliseconds. */
export function createLogsService(cloud: Cloud, now: () => number = Date.now): LocalService {
  const store = openLogStore(cloud, now);
  return {
    name: 'logs',
    handlers: { ...createGroupHandlers(store), ...createStreamHandlers(store), ...createQueryHandlers(store) },
  };
}
