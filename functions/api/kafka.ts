import { Logger } from '@aws-lambda-powertools/logger';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createKafkaAdmin } from '../../lib/kafka/kafka-admin.ts';
import { environmentValue } from '../environment-value.ts';
import { createApi } from './create-api.ts';
import { kafkaHandlers } from './kafka-handlers.ts';

const store = createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') });

/** Routes that ask Kafka, from inside the VPC. */
export const handler = createApi({
  group: 'kafka',
  handlers: kafkaHandlers({ store, kafkaAdmin: createKafkaAdmin() }),
  logger: new Logger({ serviceName: 'warden-api-kafka' }),
});
