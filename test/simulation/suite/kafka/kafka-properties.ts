import type { KafkaUnderTest } from './kafka-under-test.ts';
import type { Properties } from './model-under-test.ts';

const timers = {
  'broker.heartbeat.interval.ms': 500,
  'broker.session.timeout.ms': 6000,
  'default.replication.factor': 3,
  'min.insync.replicas': 2,
};

/** server.properties of a modelled node with a role of its own. */
export function nodeProperties(
  id: number,
  host: string,
  controllers: ReturnType<KafkaUnderTest['addressOf']>[],
): Properties {
  const isController = id >= 1000;
  const listener = `${isController ? 'CONTROLLER' : 'PLAINTEXT'}://${host}:9092`;
  return {
    ...timers,
    'process.roles': isController ? 'controller' : 'broker',
    'node.id': id,
    'controller.quorum.bootstrap.servers': controllers.map((each) => `${each.host}:${each.port}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: listener,
    'advertised.listeners': listener,
  };
}

/** Of node 0 that is both. */
export function combinedProperties(host: string): Properties {
  const listeners = `PLAINTEXT://${host}:9092,CONTROLLER://${host}:9093`;
  return {
    ...timers,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'process.roles': 'broker,controller',
    'node.id': 0,
    'controller.quorum.bootstrap.servers': `${host}:9093`,
    'controller.listener.names': 'CONTROLLER',
    listeners,
    'advertised.listeners': listeners,
  };
}
