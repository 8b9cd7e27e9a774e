import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { describeDynamodb } from './dynamodb.suite.ts';
import { describeTransactions } from './dynamodb-transactions.suite.ts';
import { describeEc2 } from './ec2.suite.ts';
import { describeDefinitions } from './ecs-definitions.suite.ts';
import { describeTasks } from './ecs-tasks.suite.ts';
import { describeHosts } from './hosts.suite.ts';
import { type LocalSubject, startLocalSubject } from './local-subject.ts';

/** The same suite as on the models: what both answer alike is what the simulation may build on. */
describe('the local cloud', () => {
  jest.setTimeout(30_000);
  let subject: LocalSubject;

  beforeAll(async () => {
    subject = await startLocalSubject();
  }, 90_000);

  afterAll(() => subject.remove(), 60_000);

  describeDynamodb(() => subject);
  describeTransactions(() => subject);
  describeDefinitions(() => subject);
  describeTasks(() => subject);
  describeEc2(() => subject);
  describeHosts(() => subject);
});
