import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { allowedValues, isAllowedValue } from '../../../../lib/model/kafka/check-value.ts';
import type { KafkaDefinition } from '../../../../lib/model/kafka/definition.ts';
import { kafkaDefinitions } from '../../../../lib/model/kafka/definitions.ts';
import { ownershipOf } from '../../../../lib/model/kafka/owned-property.ts';
import { parseKafkaValue } from '../../../../lib/model/kafka/parse-value.ts';

/** Written by Kafka itself: scripts/kafka-config/ValueVerdicts.java. */
const oracle: { readonly samples: readonly string[]; readonly verdicts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('kafka-verdicts-4.3.1.generated.json', import.meta.url), 'utf8'),
);
const definitions = kafkaDefinitions('4.3.1');

const settable = [...definitions.values()].filter(({ name }) => ownershipOf(name) === undefined);

function accepts(definition: KafkaDefinition, given: unknown): boolean {
  const parsed = parseKafkaValue(definition, given);
  return parsed.type === 'valid' && isAllowedValue(definition, parsed.value);
}

describe('validation of a Kafka value', () => {
  test('knows the same properties as Kafka', () => {
    expect([...definitions.keys()].sort()).toEqual(Object.keys(oracle.verdicts).sort());
  });

  test('agrees with Kafka about every sample of every property that users can set', () => {
    const disagreements = settable.flatMap((definition) =>
      oracle.samples.flatMap((sample, index) => {
        const kafka = oracle.verdicts[definition.name]?.[index] === '1';
        const ours = accepts(definition, sample);
        return kafka === ours ? [] : [`${definition.name}=${JSON.stringify(sample)}: Kafka ${kafka}, ours ${ours}`];
      }),
    );
    expect(disagreements).toEqual([]);
  });

  test.each([
    ['log.retention.hours', 'an integer (32 bits)'],
    ['num.partitions', 'an integer (32 bits) of at least 1'],
    ['compression.gzip.level', 'an integer (32 bits) from 1 to 9, or -1'],
    ['compression.type', 'a text: uncompressed, zstd, lz4, snappy, gzip, producer'],
    ['delete.topic.enable', 'true or false'],
  ])('says what %s takes', (name, words) => {
    const definition = definitions.get(name);
    expect(definition && allowedValues(definition)).toBe(words);
  });
});
