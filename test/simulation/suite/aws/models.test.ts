import { describe } from '@jest/globals';
import { describeDynamodb } from './dynamodb.suite.ts';
import { describeTransactions } from './dynamodb-transactions.suite.ts';
import { describeEc2 } from './ec2.suite.ts';
import { describeDefinitions } from './ecs-definitions.suite.ts';
import { describeTasks } from './ecs-tasks.suite.ts';
import { describeHosts } from './hosts.suite.ts';
import { createModelSubject } from './model-subject.ts';

describe('the models', () => {
  const subject = createModelSubject();
  describeDynamodb(() => subject);
  describeTransactions(() => subject);
  describeDefinitions(() => subject);
  describeTasks(() => subject);
  describeEc2(() => subject);
  describeHosts(() => subject);
});
