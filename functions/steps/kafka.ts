import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createKafkaAdmin } from '../../lib/kafka/kafka-admin.ts';
import { environmentValue } from '../environment-value.ts';
import { pause } from '../pause.ts';
import { createKafkaHandler } from './kafka-steps.ts';

/** Entry point of the function StepsKafka. */
export const handler = createKafkaHandler({
  store: createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') }),
  kafka: createKafkaAdmin(),
  clock: Date.now,
  pause,
});
