import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createKafkaAdmin } from '../../lib/kafka/kafka-admin.ts';
import { environmentVariable } from '../environment.ts';
import { pause } from '../pause.ts';
import { createKafkaHandler } from './kafka-steps.ts';

/** Entry point of the function StepsKafka. */
export const handler = createKafkaHandler({
  store: createDynamoStore({ tableName: environmentVariable('WARDEN_TABLE') }),
  kafka: createKafkaAdmin(),
  clock: Date.now,
  pause,
});
