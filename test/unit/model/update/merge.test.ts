import { describe, expect, test } from '@jest/globals';
import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import type { ServiceOptions } from '../../../../lib/model/service/options.ts';
import { resolveUpdate } from '../../../../lib/model/service/update/resolve-update.ts';
import { healthCheckDefaults } from '../../../support/health-check-defaults.ts';
import { replacementDefaults } from '../../../support/replacement-defaults.ts';
import { storedConfig } from './stored-config.ts';

function updated(stored: ServiceConfig, given: unknown, replace = false): ServiceOptions {
  const result = resolveUpdate({ stored, given, replace });
  if (result.type === 'refused') throw new Error(JSON.stringify(result.refusals));
  expect(result.config.packageVersion).toBe(stored.packageVersion);
  return result.config.options;
}

const refused = (stored: ServiceConfig, given: unknown, replace = false): readonly string[] => {
  const result = resolveUpdate({ stored, given, replace });
  return result.type === 'refused' ? result.refusals.map(({ pointer, message }) => `${pointer} ${message}`) : [];
};

const custom = {
  service: { phase_strategy: 'STAGE', rollback: 'automatic', canary_limit_secs: 60 },
  brokers: { count: 4, mem: 4096, heap: { size: 1024 }, disk: 8000, disk_type: 'MOUNT' },
  controllers: { count: 1, mem: 1024, heap: { size: 512 }, disk: 2000 },
  kafka: { log_retention_hours: 24, num_partitions: 3 },
};

describe('an update', () => {
  test('changes what is given and leaves everything else as it is stored', () => {
    const stored = storedConfig(custom);
    const { options } = stored;
    expect(updated(stored, { brokers: { mem: 8192 } })).toEqual({
      ...options,
      brokers: { ...options.brokers, mem: 8192 },
    });
    expect(updated(stored, { brokers: { heap: { size: 2048 } }, kafka: { num_partitions: '6' } })).toEqual({
      ...options,
      brokers: { ...options.brokers, heap: { size: 2048 } },
      kafka: { log_retention_hours: 24, num_partitions: 6 },
    });
    expect(updated(stored, { service: { rlimits: { rlimit_nofile: { hard: 200_000 } } } })).toEqual({
      ...options,
      service: { ...options.service, rlimits: { rlimit_nofile: { soft: 128_000, hard: 200_000 } } },
    });
  });

  test.each([[undefined], [{}], [{ service: {}, brokers: { heap: {} }, controllers: {}, kafka: {} }]])(
    'with the options %j changes nothing',
    (given) => {
      const stored = storedConfig(custom);
      expect(updated(stored, given)).toEqual(stored.options);
    },
  );

  test('with the document that is shown changes nothing, replaced or not', () => {
    for (const document of [{}, custom, { brokers: { count: 1 } }, { service: { placement_strategy: 'ANY' } }]) {
      const stored = storedConfig(document);
      expect(updated(stored, stored.options)).toEqual(stored.options);
      expect(updated(stored, stored.options, true)).toEqual(stored.options);
    }
  });

  test('puts more brokers beside those that are there', () => {
    expect(updated(storedConfig(), { brokers: { count: 5 } }).brokers.count).toBe(5);
  });

  test('that adds brokers to one or two leaves replication as it is, so that those that run need no restart', () => {
    expect(updated(storedConfig({ brokers: { count: 2 } }), { brokers: { count: 3 } }).kafka).toEqual({
      default_replication_factor: 2,
      min_insync_replicas: 1,
      offsets_topic_replication_factor: 2,
      transaction_state_log_replication_factor: 2,
      transaction_state_log_min_isr: 1,
      share_coordinator_state_topic_replication_factor: 2,
      share_coordinator_state_topic_min_isr: 1,
    });
    const one = storedConfig({ brokers: { count: 1 }, controllers: { mode: 'dedicated' } });
    const ofOne = {
      default_replication_factor: 1,
      min_insync_replicas: 1,
      offsets_topic_replication_factor: 1,
      transaction_state_log_replication_factor: 1,
      transaction_state_log_min_isr: 1,
      share_coordinator_state_topic_replication_factor: 1,
      share_coordinator_state_topic_min_isr: 1,
    };
    const two = updated(one, { brokers: { count: 2 } });
    expect(two.kafka).toEqual(ofOne);
    expect(updated({ ...one, options: two }, { brokers: { count: 3 } }).kafka).toEqual(ofOne);
    expect(updated(storedConfig(), { brokers: { count: 5 } }).kafka).toEqual({});
  });

  test('that goes back to the default number of brokers leaves replication as it is when those are more', () => {
    const updatedTo = updated(storedConfig({ brokers: { count: 2 } }), { brokers: { count: null } });
    expect(updatedTo.brokers.count).toBe(3);
    expect(updatedTo.kafka).toMatchObject({ default_replication_factor: 2, min_insync_replicas: 1 });
  });

  test.each([
    [
      'a factor',
      { brokers: { count: 3 }, kafka: { default_replication_factor: 3 } },
      { default_replication_factor: 3 },
    ],
    ['null for a factor', { brokers: { count: 3 }, kafka: { min_insync_replicas: null } }, {}],
  ])('that adds brokers and gives %s sets the others to the defaults of the new number', (_, given, kafka) => {
    expect(updated(storedConfig({ brokers: { count: 2 } }), given).kafka).toEqual(kafka);
  });

  test('that replaces everything sets replication to the defaults of the new number', () => {
    expect(updated(storedConfig({ brokers: { count: 2 } }), { brokers: { count: 3 } }, true).kafka).toEqual({});
  });

  test('with the version that the service has is an update like any other', () => {
    const result = resolveUpdate({
      ...{ stored: storedConfig({}, '1.0.0-4.1.2'), given: { brokers: { mem: 4096 } }, replace: false },
      packageVersion: '1.0.0-4.1.2',
    });
    expect(result.type === 'resolved' && result.config.packageVersion).toBe('1.0.0-4.1.2');
  });

  test('says of a newer version that there are no upgrades yet', () => {
    const stored = storedConfig({}, '1.0.0-3.9.2');
    expect(resolveUpdate({ stored, given: {}, replace: false, packageVersion: '1.0.0-4.3.1' })).toEqual({
      type: 'refused',
      refusals: [
        {
          pointer: '/packageVersion',
          value: '1.0.0-4.3.1',
          message: 'this version of Warden cannot upgrade a service yet (from 1.0.0-3.9.2 to 1.0.0-4.3.1)',
          allowed: '1.0.0-3.9.2',
          hint: 'leave it out: this version of Warden does not change the version of a running service yet',
        },
      ],
      errors: [
        {
          inBlocks:
            'Validation error on field "PACKAGE_VERSION": Changing this value (from 1.0.0-3.9.2 to 1.0.0-4.3.1) is not supported.',
          inSteps:
            "Field: 'packageVersion'; Transition: '1.0.0-3.9.2' => '1.0.0-4.3.1'; Message: 'this version of Warden cannot upgrade a service yet (from 1.0.0-3.9.2 to 1.0.0-4.3.1)'; Fatal: false",
        },
      ],
    });
  });

  test("takes Kafka's properties of the version that the service has", () => {
    const stored = storedConfig({}, '1.0.0-3.9.2');
    expect(updated(stored, { kafka: { offsets_commit_required_acks: -1 } }).kafka).toEqual({
      offsets_commit_required_acks: -1,
    });
    expect(refused(storedConfig(), { kafka: { offsets_commit_required_acks: -1 } })).toHaveLength(1);
  });
});

describe('null in an update', () => {
  test('puts an option back to its default', () => {
    const options = updated(storedConfig(custom), {
      service: { rollback: null, canary_limit_secs: null, deploy_strategy: null },
      brokers: { mem: null },
      controllers: { heap: { size: null } },
      kafka: { log_retention_hours: null },
    });
    expect(options.service).toMatchObject({ rollback: 'manual', canary_limit_secs: 600, deploy_strategy: 'serial' });
    expect(options.brokers).toMatchObject({ mem: 2048, heap: { size: 1024 } });
    expect(options.controllers).toMatchObject({ mem: 1024, heap: { size: 256 } });
    expect(options.kafka).toEqual({ num_partitions: 3 });
  });

  test('for a property that was never given changes nothing', () => {
    const stored = storedConfig(custom);
    expect(updated(stored, { kafka: { log_segment_bytes: null } })).toEqual(stored.options);
  });

  test('leaves ports as they are, and is refused where the default would be a change', () => {
    const stored = storedConfig(custom);
    expect(updated(stored, { brokers: { port: null }, controllers: { port: null } })).toEqual(stored.options);
    expect(refused(stored, { brokers: { disk: null } })).toEqual([
      '/brokers/disk brokers.disk cannot change (from 8000 to 5000): volumes keep the size that they were made with',
    ]);
    expect(refused(stored, { brokers: { count: null } })).toEqual([
      '/brokers/count brokers.count cannot become less (from 4 to 3): the replicas on a broker would go with it',
    ]);
  });

  test('is what a refused value is advised to be where leaving it out means something else', () => {
    const hints = (replace: boolean) => {
      const given = { brokers: { count: 0 }, service: { rollback: 'x' }, kafka: { log_retenton_hours: 1 } };
      const result = resolveUpdate({ stored: storedConfig(custom), given, replace });
      return result.type === 'refused' ? result.refusals.map(({ hint }) => hint) : [];
    };
    expect(hints(false)).toEqual([
      'write manual or automatic, or write null for manual',
      'choose a number that is allowed, or write null for 3',
      'did you mean kafka.log_retention_hours?',
    ]);
    expect(hints(true)).toEqual([
      'write manual or automatic, or leave it out for manual',
      'choose a number that is allowed, or leave it out for 3',
      'did you mean kafka.log_retention_hours?',
    ]);
  });

  test('for what may be no null is refused', () => {
    expect(refused(storedConfig(), null)).toEqual([' the options document must be an object']);
    expect(refused(storedConfig(), { brokers: null })).toEqual(['/brokers brokers must be an object']);
    expect(refused(storedConfig(), { brokers: { heap: null } })).toEqual([
      '/brokers/heap brokers.heap must be an object',
    ]);
    expect(refused(storedConfig(), { kafka: { 'log.retention.hours': null } })).toEqual([
      '/kafka/log.retention.hours log.retention.hours must be spelled with _ for .',
    ]);
    expect(refused(storedConfig(), { kafka: { node_id: null } })).toEqual([
      '/kafka/node_id node.id cannot be set: Warden gives each node its id',
    ]);
  });
});

describe('an update that replaces all options', () => {
  test('puts back to the default what is not given, but for what a service has for life', () => {
    const stored = storedConfig({
      ...custom,
      service: { ...custom.service, name: 'events', placement_strategy: 'ANY' },
    });
    expect(updated(stored, { brokers: { count: 4 }, kafka: { num_partitions: 9 } }, true)).toEqual({
      service: {
        name: 'events',
        placement_constraint: '[]',
        deploy_strategy: 'serial',
        rollback: 'manual',
        canary_limit_secs: 600,
        minimum_soak_secs: 0,
        ...healthCheckDefaults,
        ...replacementDefaults,
        rlimits: { rlimit_nofile: { soft: 128_000, hard: 128_000 } },
      },
      brokers: {
        ...{ count: 4, cpus: 1, mem: 2048, heap: { size: 512 }, disk: 8000, disk_type: 'MOUNT' },
        ...{ port: 9092, kill_grace_period: 300, failover_delay: '10s', failover_max_delay: '60s' },
      },
      controllers: {
        ...{ mode: 'dedicated', count: 1, cpus: 0.5, mem: 512, heap: { size: 256 }, disk: 2000, port: 9093 },
        ...{ failover_delay: '10s', failover_max_delay: '60s' },
      },
      kafka: { num_partitions: 9 },
    });
  });

  test('is refused when fewer brokers are the default', () => {
    expect(refused(storedConfig(custom), {}, true)).toEqual([
      '/brokers/count brokers.count cannot become less (from 4 to 3): the replicas on a broker would go with it',
    ]);
  });

  test('keeps the one node of a combined service one node', () => {
    const stored = storedConfig({ brokers: { count: 1, mem: 4096 } });
    const { brokers, controllers } = updated(stored, { brokers: { count: 1 } }, true);
    expect(brokers).toEqual({ ...stored.options.brokers, mem: 2048 });
    expect(controllers).toEqual(stored.options.controllers);
    expect(refused(stored, {}, true)).toEqual([
      '/brokers/count brokers.count cannot become more (from 1 to 3): the one broker is the controller too',
    ]);
  });
});

describe('port 0 in an update', () => {
  test('is the port that the service has', () => {
    const stored = storedConfig();
    expect(updated(stored, { brokers: { port: 0 }, controllers: { port: 0 } })).toEqual(stored.options);
    expect(updated(stored, { brokers: { port: 0 } }, true)).toEqual(stored.options);
    expect(updated(stored, { brokers: { port: 9092 }, controllers: { port: 9093 } })).toEqual(stored.options);
  });
});

describe('the two options of the guides that say where brokers may go', () => {
  const node = storedConfig();
  const any = storedConfig({ service: { placement_strategy: 'ANY' } });
  const zones = storedConfig({ service: { placement_constraint: 'hostname:UNIQUE,zone:MAX_PER:2' } });

  test.each([
    ['the strategy', node, { placement_strategy: 'NODE' }],
    ['the strategy of no constraint', any, { placement_strategy: 'ANY' }],
    ['the constraint in the words of Marathon', node, { placement_constraint: 'hostname:UNIQUE' }],
    ['the constraint as a list', node, { placement_constraint: [['hostname', 'MAX_PER', 1]] }],
    ['both', node, { placement_strategy: 'NODE', placement_constraint: 'hostname:MAX_PER:1' }],
    ['no constraint beside the strategy of none', any, { placement_strategy: 'ANY', placement_constraint: [] }],
    ['the defaults of both', node, { placement_strategy: null, placement_constraint: null }],
    ['constraints in another order', zones, { placement_constraint: 'zone:MAX_PER:2,hostname:UNIQUE' }],
  ])('change nothing when they say what is stored: %s', (_, stored, service) => {
    expect(updated(stored, { service })).toEqual(stored.options);
    expect(updated(stored, { service }, true)).toEqual(stored.options);
  });

  test('are not read together with what is stored of the other one', () => {
    expect(refused(node, { service: { placement_strategy: 'ANY' } })).toEqual([
      '/service/placement_strategy service.placement_strategy cannot change (from NODE to ANY): where brokers may go is decided at install',
    ]);
    expect(refused(any, { service: { placement_strategy: 'NODE' } })).toEqual([
      '/service/placement_strategy service.placement_strategy cannot change (from ANY to NODE): where brokers may go is decided at install',
    ]);
    expect(refused(zones, { service: { placement_strategy: 'NODE' } })).toEqual([
      '/service/placement_strategy service.placement_strategy cannot change (from [["hostname","MAX_PER","1"],["zone","MAX_PER","2"]] to NODE): where brokers may go is decided at install',
    ]);
    expect(refused(any, { service: { placement_constraint: null } })).toEqual([
      '/service/placement_constraint service.placement_constraint cannot change (from [] to [["hostname","MAX_PER","1"]]): where brokers may go is decided at install',
    ]);
  });

  test('are no change while one of them cannot be read', () => {
    expect(refused(node, { service: { placement_strategy: 'node', placement_constraint: 'zone:UNIQUE' } })).toEqual([
      '/service/placement_strategy Placement strategy must be one of ANY, NODE, not "node"',
    ]);
    expect(refused(zones, { service: { placement_strategy: 'NODE', placement_constraint: 'rack:UNIQUE' } })).toEqual([
      '/service/placement_constraint Placement constraint cannot be taken: "rack" is no field',
    ]);
  });
});

describe('the two options of the guides that say how an update walks', () => {
  const strategy = (from: unknown, given: unknown) =>
    updated(storedConfig({ service: from }), { service: given }).service.deploy_strategy;

  test('each take the place of what was said with the other one', () => {
    expect(strategy({ deploy_strategy: 'parallel' }, { phase_strategy: 'STAGE' })).toBe('serial-canary');
    expect(strategy({ deploy_strategy: 'parallel-canary' }, { phase_strategy: 'INSTALL' })).toBe('serial');
    expect(strategy({ phase_strategy: 'STAGE' }, { deploy_strategy: 'parallel' })).toBe('parallel');
    expect(strategy({ phase_strategy: 'STAGE' }, { phase_strategy: 'INSTALL' })).toBe('serial');
    expect(strategy({ phase_strategy: 'STAGE' }, { phase_strategy: null })).toBe('serial');
    expect(strategy({ phase_strategy: 'STAGE' }, { rollback: 'automatic' })).toBe('serial-canary');
  });
});
