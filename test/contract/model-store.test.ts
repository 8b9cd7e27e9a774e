import { describe } from '@jest/globals';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createModelSubject } from '../simulation/suite/aws/model-subject.ts';
import { describeChanges } from './changes.contract.ts';
import { describeNodes } from './nodes.contract.ts';
import { describeServices } from './services.contract.ts';
import { describeWaits } from './waits.contract.ts';

describe('the store on the model of DynamoDB', () => {
  const { dynamodb: client, table: tableName } = createModelSubject();
  const store = createDynamoStore({ tableName, client });
  describeServices(() => store);
  describeNodes(() => store);
  describeChanges(() => store);
  describeWaits(() => store);
});
