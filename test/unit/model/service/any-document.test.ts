import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { kafkaDefinitions } from '../../../../lib/model/kafka/definitions.ts';
import { supportedPackageVersions } from '../../../../lib/model/service/package-version.ts';
import { resolveOptions } from '../../../../lib/model/service/resolve-options.ts';

const properties = [...kafkaDefinitions('4.3.1').keys()].map((name) => name.replaceAll('.', '_'));
const optionNames = ['name', 'count', 'cpus', 'mem', 'heap', 'size', 'disk', 'port', 'mode', 'disk_type'];
const moreNames = ['placement_constraint', 'placement_strategy', 'rlimits', 'rlimit_nofile', 'soft', 'hard'];
const odd = fc.constantFrom<unknown>(
  0,
  -1,
  1,
  3,
  9092,
  1e300,
  '',
  '1',
  'true',
  'NaN',
  'combined',
  'ANY',
  [],
  {},
  null,
  true,
);
const value = fc.oneof(odd, fc.jsonValue({ maxDepth: 3 }));
const name = fc.oneof(
  fc.constantFrom(...optionNames, ...moreNames, '__proto__', 'constructor', 'toString'),
  fc.string({ unit: 'binary' }),
);
const section = fc.oneof(fc.dictionary(name, fc.oneof(value, fc.dictionary(name, value))), value);
const document = fc.oneof(
  fc.record({
    service: section,
    brokers: section,
    controllers: section,
    kafka: fc.oneof(fc.dictionary(fc.oneof(fc.constantFrom(...properties), name), value), value),
  }),
  fc.dictionary(fc.oneof(fc.constantFrom('service', 'brokers', 'controllers', 'kafka'), name), section),
  value,
);

describe('any document', () => {
  test('is resolved, or refused with what is wrong, the value, what is allowed and what to do', () => {
    const counts = { resolved: 0, refused: 0 };
    fc.assert(
      fc.property(document, fc.constantFrom(...supportedPackageVersions, '1.0.0-4.1.0', 'x'), (given, version) => {
        const result = resolveOptions(JSON.parse(JSON.stringify(given)), version);
        counts[result.type]++;
        if (result.type === 'resolved') return;
        expect(result.refusals.length).toBeGreaterThan(0);
        for (const { pointer, value: shown, message, allowed, hint } of result.refusals) {
          expect(pointer === '' || pointer.startsWith('/')).toBe(true);
          expect({ pointer, isShown: JSON.stringify(shown) !== undefined }).toEqual({ pointer, isShown: true });
          expect([message, allowed, hint].every((words) => (words ?? '').length > 3)).toBe(true);
          expect(`${message} ${hint}`).not.toMatch(/undefined|\[object|\bfunction\b/);
        }
      }),
      { numRuns: 400 },
    );
    expect(counts.refused).toBeGreaterThan(200);
    expect(counts.resolved).toBeGreaterThan(0);
  });

  test('is never echoed at length, and never with its secrets', () => {
    const long = 'x'.repeat(10_000);
    const result = resolveOptions(
      { brokers: { count: long, disk: [[[[1]]]] }, kafka: { ssl_key_password: 'hunter2', [long]: long } },
      '1.0.0-4.3.1',
    );
    if (result.type !== 'refused') throw new Error('refused');
    const shown = result.refusals.map(({ pointer, value: of }) => [pointer.slice(0, 30), of]);
    expect(shown).toEqual([
      ['/brokers/count', `${'x'.repeat(200)}…`],
      ['/brokers/disk', [[['…']]]],
      ['/kafka/ssl_key_password', '(hidden)'],
      [`/kafka/${'x'.repeat(23)}`, `${'x'.repeat(200)}…`],
    ]);
    expect(JSON.stringify(result.refusals)).not.toContain('hunter2');
  });
});
