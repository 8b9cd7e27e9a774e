import { describe, expect, test } from '@jest/globals';
import { clusterSuite } from './cluster.suite.ts';
import { combinedSuite } from './combined.suite.ts';
import { combinedProperties, nodeProperties } from './kafka-properties.ts';
import { createModelUnderTest } from './model-under-test.ts';

const controllers = [1000, 1001, 1002].map((id) => ({ host: `10.0.1.${id - 1000}`, port: 9092 }));

describe.each(['1', '2', '3', '4', '5'])('the model of Kafka with seed %s', (seed) => {
  const kafka = createModelUnderTest({ seed, propertiesOf: (id, host) => nodeProperties(id, host, controllers) });
  clusterSuite(kafka);

  test('tells that the quorum was formed twice, and nothing else', () => {
    expect(kafka.model.violations().map(({ rule }) => rule)).toEqual(['a-quorum-is-formed-once']);
  });
});

describe.each(['1', '2', '3'])('the model of a combined node with seed %s', (seed) => {
  const kafka = createModelUnderTest({ seed, propertiesOf: (_, host) => combinedProperties(host) });
  combinedSuite(kafka, { host: '10.0.0.0', port: 9093 });
});
