import { roleOf } from '../../lib/model/node.ts';
import type { KafkaAdmin } from '../../lib/ports/kafka-admin.ts';
import type { Store } from '../../lib/ports/store.ts';
import { json } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readTargetConfig, withLivingService } from './stored-service.ts';

/** GET …/brokers: what Kafka itself says now. A service without any placed broker has none to ask. */
export function listBrokers(ports: {
  readonly store: Store;
  readonly kafkaAdmin: Pick<KafkaAdmin, 'describeCluster'>;
}): ApiHandler {
  return ({ service }) =>
    withLivingService(ports.store, service, async (state) => {
      const { brokers } = (await readTargetConfig(ports.store, state)).options;
      const addresses = state.goals
        .filter((goal) => roleOf(goal.nodeId) === 'broker')
        .flatMap((goal) => (goal.host === undefined ? [] : [{ host: goal.host.address, port: brokers.port }]));
      if (addresses.length === 0) return json(200, []);
      const cluster = await ports.kafkaAdmin.describeCluster(addresses);
      return json(
        200,
        cluster.brokers.filter((broker) => !broker.fenced).map((broker) => String(broker.id)),
      );
    });
}
