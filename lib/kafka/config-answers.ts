import type { ConfigEntry, ConfigResource, ConfigSource } from '../ports/kafka-admin.ts';
import { KafkaProtocolError, KafkaResponseError } from './kafka-errors.ts';
import type { Messages } from './messages/message-types.ts';
import type { KafkaConnection } from './protocol/connection.ts';

type Result = Messages['DescribeConfigs']['response']['results'][number];

const topicType = 2;
const brokerType = 4;
const unknownTopic = 3;
const topicsPerRequest = 500;

/** Kafka's numbers of where a value comes from (ConfigSource). */
const sources: readonly ConfigSource[] = [
  'unknown',
  'topic',
  'dynamic broker',
  'dynamic cluster default',
  'static broker',
  'default',
  'dynamic logger',
  'client metrics',
  'group',
];

/** Type and name of a resource on the wire. */
export function wireResource(resource: ConfigResource): {
  readonly resourceType: number;
  readonly resourceName: string;
} {
  switch (resource.type) {
    case 'broker':
      return { resourceType: brokerType, resourceName: String(resource.id) };
    case 'cluster default':
      return { resourceType: brokerType, resourceName: '' };
    case 'topic':
      return { resourceType: topicType, resourceName: resource.name };
  }
}

/** For messages. */
export function resourceText(resource: ConfigResource): string {
  switch (resource.type) {
    case 'broker':
      return `broker ${resource.id}`;
    case 'cluster default':
      return 'the cluster default';
    case 'topic':
      return `topic ${resource.name}`;
  }
}

/** What a broker answers of one resource, in Kafka's order. */
export async function readResourceConfigs(
  connection: KafkaConnection,
  resource: ConfigResource,
  names: readonly string[] | null,
): Promise<readonly ConfigEntry[]> {
  const answer = await connection.call('DescribeConfigs', {
    resources: [{ ...wireResource(resource), configurationKeys: names }],
  });
  const [result] = answer.results;
  if (result === undefined) throw new KafkaProtocolError(`DescribeConfigs of ${resourceText(resource)} has no result`);
  if (result.errorCode !== 0) {
    throw new KafkaResponseError(`DescribeConfigs of ${resourceText(resource)}`, result.errorCode, result.errorMessage);
  }
  return result.configs.map(toEntry);
}

/** One config of many topics, by topic; topics that the broker does not know (any more) are missing. */
export async function readTopicConfigs(
  connection: KafkaConnection,
  topics: readonly string[],
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (let start = 0; start < topics.length; start += topicsPerRequest) {
    const resources = topics
      .slice(start, start + topicsPerRequest)
      .map((topic) => ({ resourceType: topicType, resourceName: topic, configurationKeys: [name] }));
    const answer = await connection.call('DescribeConfigs', { resources });
    for (const result of answer.results) {
      const value = topicValue(result, name);
      if (value !== undefined) values.set(result.resourceName, value);
    }
  }
  return values;
}

function topicValue(result: Result, name: string): string | undefined {
  if (result.errorCode === unknownTopic) return undefined;
  const subject = `DescribeConfigs of topic ${result.resourceName}`;
  if (result.errorCode !== 0) throw new KafkaResponseError(subject, result.errorCode, result.errorMessage);
  const value = result.configs.find((config) => config.name === name)?.value;
  if (typeof value === 'string') return value;
  throw new KafkaProtocolError(`${subject} lacks ${name}`);
}

function toEntry(config: Result['configs'][number]): ConfigEntry {
  return {
    name: config.name,
    value: config.value,
    source: sources[config.configSource] ?? 'unknown',
    readOnly: config.readOnly,
    sensitive: config.isSensitive,
  };
}
