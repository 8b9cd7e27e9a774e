import { describe } from '@jest/globals';
import { clusterSuite } from '../../simulation/suite/kafka/cluster.suite.ts';
import { combinedSuite } from '../../simulation/suite/kafka/combined.suite.ts';
import { createRealKafkaUnderTest } from './real-kafka-under-test.ts';

/** What the simulation believes of Kafka, asked of Kafka 4.3.1. */
describe('real Kafka', () => {
  clusterSuite(
    createRealKafkaUnderTest({
      network: '127.33.0',
      port: 21600,
      controllerCount: 3,
      brokerIds: [0, 1, 2],
      properties: { 'default.replication.factor': 3, 'min.insync.replicas': 2 },
    }),
  );
});

describe('a real combined node', () => {
  const host = '127.33.1.10';
  const listeners = `PLAINTEXT://${host}:21600,CONTROLLER://${host}:21601`;
  const kafka = createRealKafkaUnderTest({
    network: '127.33.1',
    port: 21600,
    controllerCount: 0,
    brokerIds: [0],
    properties: {
      'process.roles': 'broker,controller',
      'controller.quorum.bootstrap.servers': `${host}:21601`,
      listeners,
      'advertised.listeners': listeners,
      'default.replication.factor': 1,
    },
  });
  combinedSuite(kafka, { host, port: 21601 });
});
