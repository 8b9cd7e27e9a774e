import { describe, expect, test } from '@jest/globals';
import { changeSentences } from '../../../../lib/model/plan/change-sentences.ts';
import type { NodeChange } from '../../../../lib/model/plan/node-change.ts';
import type { Plan } from '../../../../lib/model/plan/plan.ts';
import { shownDifferences } from '../../../../lib/model/plan/shown-differences.ts';
import { updateWarnings } from '../../../../lib/model/plan/update-warnings.ts';
import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import { resolveOptions } from '../../../../lib/model/service/resolve-options.ts';

describe('what an update does to a node is told as', () => {
  test.each<[NodeChange, readonly string[]]>([
    [{ type: 'start' }, ['it does not run: it is started into the new configuration']],
    [{ type: 'none' }, ['nothing of it changes']],
    [
      { type: 'dynamic', properties: ['log.cleaner.threads', 'num.io.threads'] },
      ['Kafka takes log.cleaner.threads while it runs', 'Kafka takes num.io.threads while it runs'],
    ],
    [
      {
        type: 'restart',
        reasons: [
          { type: 'property', name: 'broker.session.timeout.ms' },
          { type: 'option', pointer: '/brokers/heap/size' },
          { type: 'version', from: '4.1.2', to: '4.3.1' },
          { type: 'operator', requestedBy: 'ann' },
        ],
      },
      [
        'Kafka reads broker.session.timeout.ms only when it starts',
        '/brokers/heap/size is given to the process when it starts',
        'its version changes from 4.1.2 to 4.3.1',
        'ann asked for a restart',
      ],
    ],
  ])('%j', (change, sentences) => {
    expect(changeSentences(change)).toEqual(sentences);
  });
});

describe('differences are shown', () => {
  test('as they are, absent sides absent', () => {
    const differences = [
      { pointer: '/brokers/mem', before: 2048, after: 4096 },
      { pointer: '/kafka/num_partitions', after: 6 },
    ];
    expect(shownDifferences(differences)).toEqual(differences);
  });

  test("without what Kafka's own definitions hold for secret", () => {
    const differences = [{ pointer: '/kafka/delegation_token_master_key', before: 'one', after: 'two' }];
    expect(shownDifferences(differences)).toEqual([
      { pointer: '/kafka/delegation_token_master_key', before: '(hidden)', after: '(hidden)' },
    ]);
  });
});

describe('an update warns', () => {
  const config = (document: unknown): ServiceConfig => {
    const resolved = resolveOptions(document, '1.0.0-4.3.1');
    if (resolved.type === 'refused') throw new Error(JSON.stringify(resolved.refusals));
    return { id: 'c', packageVersion: '1.0.0-4.3.1', options: resolved.options };
  };
  const planOf = (type: 'restart' | 'dynamic', nodeIds: readonly number[]): Plan => {
    const change: NodeChange = type === 'restart' ? { type, reasons: [] } : { type, properties: [] };
    const steps = nodeIds.map((nodeId) => ({ id: `s-${nodeId}`, name: `n-${nodeId}`, nodeId, change }));
    return {
      ...{
        id: 'p',
        service: 'kafka',
        kind: 'update',
        configId: 'c',
        strategy: 'serial',
        createdAt: 1,
        requestedBy: 'ann',
      },
      phases: [{ id: 'ph', name: 'broker', strategy: 'serial', steps }],
    };
  };
  const three = { brokerIds: [0, 1, 2], controllerIds: [1000, 1001, 1002] };
  const factorOne =
    'default.replication.factor is 1: partitions of topics made with it are away while their broker restarts';

  test('of nothing when each partition keeps enough replicas', () => {
    expect(updateWarnings(planOf('restart', [0, 1000]), three, config({}))).toEqual([]);
  });

  test('of nothing when nothing restarts', () => {
    const options = config({ kafka: { default_replication_factor: 1 } });
    expect(updateWarnings(planOf('dynamic', [0, 1000]), three, options)).toEqual([]);
  });

  test('of topics without another replica', () => {
    const options = config({ kafka: { default_replication_factor: 1 } });
    expect(updateWarnings(planOf('restart', [0]), three, options)).toEqual([factorOne]);
    expect(updateWarnings(planOf('restart', [1000]), three, options)).toEqual([]);
  });

  test('of partitions that refuse writes when one replica is away', () => {
    const options = config({ kafka: { min_insync_replicas: 3 } });
    expect(updateWarnings(planOf('restart', [0]), three, options)).toEqual([
      'min.insync.replicas is 3 of 3 replicas: producers with acks=all are refused by each partition while a broker of it restarts',
    ]);
  });

  test('of the only broker and of the only controller', () => {
    const brokers = { count: 1 };
    const apart = { brokerIds: [0], controllerIds: [1000] };
    expect(updateWarnings(planOf('restart', [0]), apart, config({ brokers, controllers: { count: 1 } }))).toEqual([
      'kafka-0 is the only broker: while it restarts, nothing can be produced or consumed',
    ]);
    const together = { brokerIds: [0], controllerIds: [0] };
    expect(
      updateWarnings(planOf('restart', [0]), together, config({ brokers, controllers: { mode: 'combined' } })),
    ).toEqual([
      'kafka-0 is the only broker: while it restarts, nothing can be produced or consumed',
      'kafka-0 is the only controller: while it restarts, no topic can be made and no partition finds another leader',
    ]);
  });
});
