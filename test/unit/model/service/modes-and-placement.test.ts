import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServiceOptions } from '../../../../lib/model/service/options.ts';
import { resolveOptions } from '../../../../lib/model/service/resolve-options.ts';

const version = '1.0.0-4.3.1';

function resolved(document: unknown): ServiceOptions {
  const result = resolveOptions(document, version);
  if (result.type === 'refused') throw new Error(JSON.stringify(result.refusals));
  return result.options;
}

const modeOf = (document: unknown) => resolved(document).controllers.mode;

describe('the mode of the controllers', () => {
  test('is combined for one broker of which nothing else is said, and dedicated otherwise', () => {
    expect(modeOf({ brokers: { count: 1 } })).toBe('combined');
    expect(modeOf({ brokers: { count: 2 } })).toBe('dedicated');
    expect(modeOf({})).toBe('dedicated');
    expect(modeOf({ brokers: { count: 1 }, controllers: {} })).toBe('dedicated');
    expect(modeOf({ brokers: { count: 1 }, controllers: { count: 1 } })).toBe('dedicated');
    expect(modeOf({ brokers: { count: 1 }, controllers: { mode: 'dedicated' } })).toBe('dedicated');
    expect(modeOf({ brokers: { count: 1 }, controllers: { mode: 'combined' } })).toBe('combined');
  });

  test('combined leaves only the port to choose', () => {
    const { controllers } = resolved({ brokers: { count: 1 }, controllers: { mode: 'combined', port: 9300 } });
    expect({ count: controllers.count, port: controllers.port }).toEqual({ count: 0, port: 9300 });
  });
});

describe('the placement constraint of a service', () => {
  const text = (service: unknown) => resolved({ service }).service.placement_constraint;

  test('comes from either option of the guides, or from both when they agree', () => {
    expect(text({})).toBe('[["hostname","MAX_PER","1"]]');
    expect(text({ placement_strategy: 'NODE' })).toBe('[["hostname","MAX_PER","1"]]');
    expect(text({ placement_strategy: 'ANY' })).toBe('[]');
    expect(text({ placement_constraint: '' })).toBe('[]');
    expect(text({ placement_constraint: 'zone:MAX_PER:2' })).toBe('[["zone","MAX_PER","2"]]');
    expect(text({ placement_strategy: 'ANY', placement_constraint: 'zone:MAX_PER:2' })).toBe(
      '[["zone","MAX_PER","2"]]',
    );
    expect(text({ placement_strategy: 'NODE', placement_constraint: 'zone:MAX_PER:2' })).toBe(
      '[["hostname","MAX_PER","1"],["zone","MAX_PER","2"]]',
    );
    expect(text({ placement_strategy: 'NODE', placement_constraint: 'hostname:UNIQUE' })).toBe(
      '[["hostname","MAX_PER","1"]]',
    );
  });
});

describe('the deploy strategy of a service', () => {
  const strategy = (service: unknown) => resolved({ service }).service.deploy_strategy;

  test('comes from either option of the guides, or from both when they agree', () => {
    expect(strategy({})).toBe('serial');
    expect(strategy({ deploy_strategy: 'parallel' })).toBe('parallel');
    expect(strategy({ phase_strategy: 'INSTALL' })).toBe('serial');
    expect(strategy({ phase_strategy: 'STAGE' })).toBe('serial-canary');
    expect(strategy({ deploy_strategy: 'parallel', phase_strategy: 'INSTALL' })).toBe('parallel');
    expect(strategy({ deploy_strategy: 'serial-canary', phase_strategy: 'STAGE' })).toBe('serial-canary');
    expect(strategy({ deploy_strategy: 'parallel-canary', phase_strategy: 'STAGE' })).toBe('parallel-canary');
  });

  test('is refused when the two options say different things', () => {
    const refusal = (service: unknown) => {
      const result = resolveOptions({ service }, version);
      return result.type === 'refused' ? result.refusals.map(({ pointer, message }) => [pointer, message]) : [];
    };
    expect(refusal({ deploy_strategy: 'serial', phase_strategy: 'STAGE' })).toEqual([
      [
        '/service/phase_strategy',
        'deploy_strategy serial and phase_strategy STAGE say different things of stops for an operator',
      ],
    ]);
    expect(refusal({ deploy_strategy: 'parallel-canary', phase_strategy: 'INSTALL' })).toEqual([
      [
        '/service/phase_strategy',
        'deploy_strategy parallel-canary and phase_strategy INSTALL say different things of stops for an operator',
      ],
    ]);
  });
});

describe('any options that are taken', () => {
  const part = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
  const documents = fc.record(
    {
      service: fc.record(
        {
          placement_strategy: fc.constantFrom('ANY', 'NODE'),
          placement_constraint: fc.constantFrom('', 'hostname:UNIQUE', 'zone:MAX_PER:2', '[["@zone","UNIQUE"]]'),
          deploy_strategy: fc.constantFrom('serial', 'parallel', 'serial-canary', 'parallel-canary'),
          phase_strategy: fc.constantFrom('INSTALL', 'STAGE'),
          rollback: fc.constantFrom('manual', 'automatic'),
        },
        { requiredKeys: [] },
      ),
      brokers: fc.record(
        {
          count: fc.integer({ min: 1, max: 3 }),
          disk_type: fc.constantFrom('ROOT', 'MOUNT'),
          port: fc.constantFrom(0, 9100),
        },
        { requiredKeys: [] },
      ),
      controllers: part(
        fc.record(
          { mode: fc.constantFrom('dedicated', 'combined'), count: fc.constantFrom(1, 3) },
          { requiredKeys: [] },
        ),
      ),
      kafka: fc.record(
        { log_retention_hours: fc.constantFrom(1, '2'), delete_topic_enable: fc.constantFrom(true, 'TRUE') },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );

  test('are shown as a document that is taken as it stands and means the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(documents, (document) => {
        const first = resolveOptions(JSON.parse(JSON.stringify(document)), version);
        if (first.type === 'refused') return;
        taken++;
        expect(resolveOptions(first.options, version)).toEqual({ type: 'resolved', options: first.options });
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
