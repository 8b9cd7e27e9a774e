import type { Operation } from '../../lib/contract/route.ts';
import type { KafkaAdmin } from '../../lib/ports/kafka-admin.ts';
import type { Store } from '../../lib/ports/store.ts';
import { listBrokers } from './brokers.ts';
import type { ApiHandler } from './create-api.ts';
import { getDrift } from './drift.ts';

/** What the operations of group `kafka` act with. */
export interface KafkaApiPorts {
  readonly store: Store;
  readonly kafkaAdmin: Pick<KafkaAdmin, 'describeCluster' | 'describeConfigs'>;
}

/** The operations of group `kafka`. */
export function kafkaHandlers(ports: KafkaApiPorts): Partial<Record<Operation, ApiHandler>> {
  return { listBrokers: listBrokers(ports), getDrift: getDrift(ports) };
}
