import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveUpdate } from '../../../../lib/model/service/update/resolve-update.ts';
import { storedConfig } from './stored-config.ts';

/** Nothing of it is a default, so that a refused value that reads as one would be a change. */
const stored = storedConfig({
  service: { name: 'events', placement_constraint: 'zone:MAX_PER:2' },
  brokers: { count: 5, disk: 8000, disk_type: 'MOUNT' },
  controllers: { count: 5, disk: 3000 },
});

const odd = fc.constantFrom<unknown>(null, '', 'x', -1, 0, 1, 3, 2000, [], {}, true);
/** Mostly one of these, sometimes anything, mostly not given at all. */
const option = (...values: readonly unknown[]) =>
  fc.option(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: odd }), {
    nil: undefined,
    freq: 1,
  });
const section = (options: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.oneof({ weight: 19, arbitrary: fc.record(options) }, { weight: 1, arbitrary: odd });
const document = fc.record({
  service: section({
    name: option('events'),
    placement_constraint: option('zone:MAX_PER:2', [['@zone', 'MAX_PER', '2']]),
    placement_strategy: option('ANY'),
    phase_strategy: option('INSTALL', 'STAGE'),
  }),
  brokers: section({
    count: option(5, 6, 7, 4),
    mem: option(1024, 4096, null),
    disk: option(8000, 8001),
    disk_type: option('MOUNT', 'MOUNT', 'ROOT'),
    port: option(0, 9092, null),
  }),
  controllers: section({
    count: option(5, 5, 3),
    mode: option('dedicated', null),
    disk: option(3000),
    port: option(0, 9093),
  }),
  kafka: section({ num_partitions: option(2, '3', null), log_retention_hours: option(1) }),
});

describe('any update', () => {
  test('leads to a config that leaves for life what a service has for life, or is refused with all that is needed', () => {
    const counts = { resolved: 0, refused: 0 };
    fc.assert(
      fc.property(document, fc.boolean(), (given, replace) => {
        const result = resolveUpdate({ stored, given: JSON.parse(JSON.stringify(given)), replace });
        counts[result.type]++;
        if (result.type === 'resolved') {
          const { service, brokers, controllers } = result.config.options;
          expect([service.name, service.placement_constraint]).toEqual(['events', '[["zone","MAX_PER","2"]]']);
          expect([brokers.disk, brokers.disk_type, brokers.port]).toEqual([8000, 'MOUNT', 9092]);
          expect([controllers.mode, controllers.count, controllers.disk, controllers.port]).toEqual([
            ...['dedicated', 5],
            ...[3000, 9093],
          ]);
          expect(brokers.count).toBeGreaterThanOrEqual(5);
          return;
        }
        expect(result.refusals.length).toBeGreaterThan(0);
        expect(result.errors.length).toBe(result.refusals.length);
        expect(new Set(result.refusals.map(({ pointer }) => pointer)).size).toBe(result.refusals.length);
        for (const { message, allowed, hint } of result.refusals) {
          expect([message, allowed, hint].every((words) => (words ?? '').length > 0)).toBe(true);
        }
        for (const { inBlocks, inSteps } of result.errors) {
          expect(inBlocks).toMatch(/^Validation error on field "[A-Z0-9_]+": ./);
          expect(inSteps).toMatch(/^Field: '.+'; (Value: '.*'|Transition: '.*' => '.*'); Message: '.+'; Fatal: false$/);
        }
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(counts.resolved, counts.refused)).toBeGreaterThan(50);
  });

  test('is kept as errors of a bounded number and length, however much is refused', () => {
    const long = 'ü'.repeat(5000);
    const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`${long}${index}`, long]));
    const result = resolveUpdate({ stored, given: { service: many, brokers: many, [long]: many }, replace: false });
    if (result.type === 'resolved') throw new Error('it is taken');
    expect(result.refusals).toHaveLength(801);
    expect(result.errors).toHaveLength(51);
    expect(result.errors.at(-1)).toEqual({
      inBlocks: '751 more errors are not shown',
      inSteps: '751 more errors are not shown',
    });
    // An item of DynamoDB holds 400 KB.
    expect(Buffer.byteLength(JSON.stringify(result.errors))).toBeLessThan(200_000);
  });
});
