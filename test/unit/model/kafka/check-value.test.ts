import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { allowedValues, isAllowedValue } from '../../../../lib/model/kafka/check-value.ts';
import type { KafkaDefinition } from '../../../../lib/model/kafka/definition.ts';
import { kafkaDefinitions } from '../../../../lib/model/kafka/definitions.ts';
import { ownershipOf } from '../../../../lib/model/kafka/owned-property.ts';
import { parseKafkaValue } from '../../../../lib/model/kafka/parse-value.ts';
import { kafkaVersionOf } from '../../../../lib/model/service/config.ts';
import { supportedPackageVersions } from '../../../../lib/model/service/package-version.ts';

interface Verdicts {
  readonly samples: readonly string[];
  /** Of each property one digit per sample, 1 = accepted. */
  readonly verdicts: Readonly<Record<string, string>>;
}

/** An item twice, or an empty one: Kafka takes them up to 4.1 and no longer on 4.3, to which a service may be upgraded. */
const olderKafkaOnly: ReadonlySet<string> = new Set(['compact,compact', 'delete,,compact', 'delete,']);

/** Written by Kafka itself: scripts/kafka-config/ValueVerdicts.java. */
function verdictsOf(version: string): Verdicts {
  return JSON.parse(readFileSync(new URL(`kafka-verdicts-${version}.generated.json`, import.meta.url), 'utf8'));
}

function accepts(definition: KafkaDefinition, given: unknown): boolean {
  const parsed = parseKafkaValue(definition, given);
  return parsed.type === 'valid' && isAllowedValue(definition, parsed.value);
}

describe.each(supportedPackageVersions.map(kafkaVersionOf))('validation of a value of Kafka %s', (version) => {
  const oracle = verdictsOf(version);
  const definitions = kafkaDefinitions(version);

  test('knows the same properties as Kafka', () => {
    expect([...definitions.keys()].sort()).toEqual(Object.keys(oracle.verdicts).sort());
  });

  test('agrees with Kafka about every sample of every property that users can set', () => {
    const settable = [...definitions.values()].filter(({ name }) => ownershipOf(name) === undefined);
    const disagreements = settable.flatMap((definition) =>
      oracle.samples.flatMap((sample, index) => {
        const kafka = oracle.verdicts[definition.name]?.[index] === '1';
        if (definition.type === 'list' && kafka && olderKafkaOnly.has(sample)) return [];
        const ours = accepts(definition, sample);
        return kafka === ours ? [] : [`${definition.name}=${JSON.stringify(sample)}: Kafka ${kafka}, ours ${ours}`];
      }),
    );
    expect(disagreements).toEqual([]);
  });

  test('takes no list with an item twice or an empty one, whatever the version', () => {
    const lists = [...definitions.values()].filter(({ type }) => type === 'list');
    const taken = lists.flatMap((list) => [...olderKafkaOnly].filter((sample) => accepts(list, sample)));
    expect(taken).toEqual([]);
  });

  test('reads a list as Kafka describes it, its items without blanks', () => {
    const policy = definitions.get('log.cleanup.policy');
    const read = (given: string) => policy && parseKafkaValue(policy, given);
    expect(read(' compact ,\tdelete ')).toEqual({ type: 'valid', value: 'compact,delete' });
    expect(read('compact,delete')).toEqual({ type: 'valid', value: 'compact,delete' });
    expect(read('  ')).toEqual({ type: 'valid', value: '' });
  });

  test('says what each property is for that users can set', () => {
    const silent = [...definitions.values()].filter(
      ({ name, description }) => ownershipOf(name) === undefined && !description,
    );
    expect(silent).toEqual([]);
  });
});

describe('the words for what is allowed', () => {
  test.each([
    ['log.retention.hours', 'an integer (32 bits)'],
    ['num.partitions', 'an integer (32 bits) of at least 1'],
    ['compression.gzip.level', 'an integer (32 bits) from 1 to 9, or -1'],
    ['compression.type', 'a text: uncompressed, zstd, lz4, snappy, gzip, producer'],
    ['delete.topic.enable', 'true or false'],
  ])('says what %s takes', (name, words) => {
    const definition = kafkaDefinitions('4.3.1').get(name);
    expect(definition && allowedValues(definition)).toBe(words);
  });
});
