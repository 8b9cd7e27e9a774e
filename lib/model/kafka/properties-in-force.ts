import { kafkaVersionOf, type ServiceConfig } from '../service/config.ts';
import { effectiveKafkaProperties } from '../service/kafka-defaults.ts';
import type { KafkaDefinition } from './definition.ts';
import { kafkaDefinitions } from './definitions.ts';
import { type KafkaValue, parseKafkaValue } from './parse-value.ts';

/** Where another property speaks when one is unset. Source: the comments of these properties in Kafka's documentation. */
const fallbacks: Readonly<Record<string, readonly { readonly property: string; readonly times: bigint }[]>> = {
  'log.retention.ms': [
    { property: 'log.retention.minutes', times: 60_000n },
    { property: 'log.retention.hours', times: 3_600_000n },
  ],
  'log.roll.ms': [{ property: 'log.roll.hours', times: 3_600_000n }],
  'log.roll.jitter.ms': [{ property: 'log.roll.jitter.hours', times: 3_600_000n }],
  'log.flush.interval.ms': [{ property: 'log.flush.scheduler.interval.ms', times: 1n }],
};

/** What follows from a config for every node of its service. */
export interface PropertiesInForce {
  /** Names in server.properties, those that each node has of its own left out. */
  readonly names: readonly string[];
  readonly definitions: ReadonlyMap<string, KafkaDefinition>;
  /** The value in force as canonical text: of the file, else Kafka's default, else that of the property that speaks for it. */
  textOf(property: string): string | undefined;
}

/** Reads a config the way that Kafka reads the file which is made of it. */
export function propertiesInForce(config: ServiceConfig): PropertiesInForce {
  const definitions = kafkaDefinitions(kafkaVersionOf(config.packageVersion));
  const file = effectiveKafkaProperties(config.options, definitions);
  const ownText = (property: string): string | undefined => {
    const value = file[property] ?? definitions.get(property)?.default;
    return value === undefined ? undefined : canonicalText(definitions.get(property), value);
  };
  const textOf = (property: string): string | undefined => {
    const own = ownText(property);
    if (own !== undefined) return own;
    for (const { property: speaker, times } of fallbacks[property] ?? []) {
      const text = ownText(speaker);
      if (text !== undefined) return scaled(text, times);
    }
    return undefined;
  };
  return { names: Object.keys(file), definitions, textOf };
}

/** Of whole numbers up to the largest of Java; any negative one is no limit. */
function scaled(text: string, times: bigint): string {
  const number = BigInt(text);
  return String(number < 0n ? -1n : number * times);
}

/** One spelling for all that Kafka takes for the same value. */
export function canonicalText(definition: KafkaDefinition | undefined, value: KafkaValue): string {
  const parsed = definition && parseKafkaValue(definition, value);
  return String(parsed?.type === 'valid' ? parsed.value : value);
}
