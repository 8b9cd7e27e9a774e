import { kafkaDefinitions } from '../kafka/definitions.ts';
import { type NodeIds, podName } from '../node.ts';
import { kafkaVersionOf, type ServiceConfig } from '../service/config.ts';
import { effectiveKafkaProperties } from '../service/kafka-defaults.ts';
import type { Plan } from './plan.ts';

/**
 * What clients notice of an update though its rolls are safe, in sentences; none when no broker or controller restarts.
 * `config` is the one that is rolled away from: its topics are those that are there.
 */
export function updateWarnings(plan: Plan, ids: NodeIds, config: ServiceConfig): readonly string[] {
  const restarts = (nodeIds: readonly number[]) =>
    plan.phases
      .flatMap(({ steps }) => steps)
      .filter(({ nodeId, change }) => change?.type === 'restart' && nodeIds.includes(nodeId));
  const brokers = restarts(ids.brokerIds);
  return [
    ...(brokers.length > 0 && ids.brokerIds.length === 1 ? [onlyBroker(brokers[0]?.nodeId ?? 0)] : []),
    ...(brokers.length > 0 && ids.brokerIds.length > 1 ? replicationWarnings(config) : []),
    ...(restarts(ids.controllerIds).length > 0 && ids.controllerIds.length === 1 ? [onlyController(ids)] : []),
  ];
}

function onlyBroker(nodeId: number): string {
  return `${podName(nodeId)} is the only broker: while it restarts, nothing can be produced or consumed`;
}

function onlyController({ controllerIds: [nodeId = 0] }: NodeIds): string {
  return `${podName(nodeId)} is the only controller: while it restarts, no topic can be made and no partition finds another leader`;
}

/** Of topics that follow the defaults; a topic of its own settings is looked at when its broker is about to stop. */
function replicationWarnings({ options, packageVersion }: ServiceConfig): readonly string[] {
  const properties = effectiveKafkaProperties(options, kafkaDefinitions(kafkaVersionOf(packageVersion)));
  const factor = Number(properties['default.replication.factor']);
  const minimum = Number(properties['min.insync.replicas']);
  if (factor === 1) {
    return ['default.replication.factor is 1: partitions of topics made with it are away while their broker restarts'];
  }
  if (minimum >= factor) {
    return [
      `min.insync.replicas is ${minimum} of ${factor} replicas: producers with acks=all are refused by each partition while a broker of it restarts`,
    ];
  }
  return [];
}
