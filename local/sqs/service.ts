import type { Cloud, LocalService } from '../core/service.ts';
import { messageHandlers } from './messages.ts';
import { QueueStore } from './queue-store.ts';
import { queueHandlers } from './queues.ts';

/** SQS: standard queues with long polls and dead letters, kept over a restart. */
export function createSqsService(cloud: Cloud): LocalService {
  const store = new QueueStore(cloud);
  return {
    name: 'sqs',
    handlers: { ...queueHandlers(cloud, store), ...messageHandlers(store) },
    stop: () => store.close(),
  };
}
