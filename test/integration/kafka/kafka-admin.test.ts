import { afterAll, beforeAll, describe } from '@jest/globals';
import { kafkaVersionOf } from '../../../lib/model/service/config.ts';
import { supportedPackageVersions } from '../../../lib/model/service/package-version.ts';
import { createCluster } from './cluster-under-test.ts';
import { describeConfigs } from './configs-suite.ts';
import { describeDefaults } from './defaults-suite.ts';
import { describeGrowingQuorum, describeShrinkingQuorum } from './quorum-suite.ts';
import { describeKilledBroker, describeTopics } from './topics-suite.ts';

// The nodes run what the product tells their containers to run, in the image of each version that it supports.
describe.each(supportedPackageVersions.map(kafkaVersionOf))('a service of Kafka %s', (version) => {
  const cluster = createCluster({ version, network: '127.50.0' });

  beforeAll(cluster.begin, 60_000);

  afterAll(cluster.finish);

  describeGrowingQuorum(cluster);
  describeTopics(cluster);
  describeConfigs(cluster);
  describeKilledBroker(cluster);
  describeDefaults(cluster);
  describeShrinkingQuorum(cluster);
});
