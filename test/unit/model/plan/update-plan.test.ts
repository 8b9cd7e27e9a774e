import { describe, expect, test } from '@jest/globals';
import type { NodeChange } from '../../../../lib/model/plan/node-change.ts';
import type { Strategy } from '../../../../lib/model/plan/strategy.ts';
import { type NodeUpdate, planUpdate } from '../../../../lib/model/plan/update.ts';

const request = {
  ...{ service: 'kafka', configId: 'config-2', previousConfigId: 'config-1', createdAt: 5, requestedBy: 'admin' },
  changes: [{ pointer: '/brokers/mem', before: 2048, after: 4096 }],
  ...{ brokerIds: [0, 1], controllerIds: [1000, 1001], strategy: 'serial' as Strategy },
};
const restart: NodeChange = { type: 'restart', reasons: [{ type: 'option', pointer: '/brokers/mem' }] };
const none: NodeChange = { type: 'none' };

const update = (nodeId: number, change: NodeChange, isDown = false): NodeUpdate => ({ nodeId, change, isDown });
const ofBrokers = [update(0, restart), update(1, restart), update(1000, none), update(1001, none)];
const ofControllers = [update(0, none), update(1, none), update(1000, restart), update(1001, restart)];

function counter(): () => string {
  let number = 0;
  return () => `id-${++number}`;
}

function phasesOf(changes: Partial<Parameters<typeof planUpdate>[0]>, nodes: readonly NodeUpdate[]) {
  const { phases } = planUpdate({ ...request, ...changes }, nodes, counter());
  return phases.map(({ name, strategy, steps }) => [name, strategy, steps.map(({ nodeId }) => nodeId)]);
}

describe('the plan of an update', () => {
  test('has a step for each node with what it does to it, controllers before brokers', () => {
    expect(planUpdate(request, ofBrokers, counter())).toEqual({
      ...{ id: 'id-1', service: 'kafka', kind: 'update', configId: 'config-2', strategy: 'serial' },
      ...{ createdAt: 5, requestedBy: 'admin', previousConfigId: 'config-1' },
      changes: [{ pointer: '/brokers/mem', before: 2048, after: 4096 }],
      phases: [
        {
          ...{ id: 'id-2', name: 'controller', strategy: 'serial' },
          steps: [
            { id: 'id-3', name: 'controller-0:[controller]', nodeId: 1000, change: none },
            { id: 'id-4', name: 'controller-1:[controller]', nodeId: 1001, change: none },
          ],
        },
        {
          ...{ id: 'id-5', name: 'broker', strategy: 'serial' },
          steps: [
            { id: 'id-6', name: 'kafka-0:[broker]', nodeId: 0, change: restart },
            { id: 'id-7', name: 'kafka-1:[broker]', nodeId: 1, change: restart },
          ],
        },
      ],
    });
  });

  test.each<readonly [Strategy, readonly NodeUpdate[], unknown]>([
    [
      'parallel',
      ofBrokers,
      [
        ['controller', 'serial', [1000, 1001]],
        ['broker', 'parallel', [0, 1]],
      ],
    ],
    [
      'serial-canary',
      ofBrokers,
      [
        ['broker', 'serial-canary', [0, 1]],
        ['controller', 'serial', [1000, 1001]],
      ],
    ],
    [
      'parallel-canary',
      ofBrokers,
      [
        ['broker', 'parallel-canary', [0, 1]],
        ['controller', 'serial', [1000, 1001]],
      ],
    ],
    [
      'serial',
      ofControllers,
      [
        ['controller', 'serial', [1000, 1001]],
        ['broker', 'serial', [0, 1]],
      ],
    ],
  ])('by strategy %s orders its phases', (strategy, nodes, expected) => {
    expect(phasesOf({ strategy }, nodes)).toEqual(expected);
  });

  test.each(['serial-canary', 'parallel-canary'] as const)(
    'by strategy %s makes the controllers the canary when no broker changes',
    (strategy) => {
      expect(phasesOf({ strategy }, ofControllers)).toEqual([
        ['controller', 'serial-canary', [1000, 1001]],
        ['broker', strategy, [0, 1]],
      ]);
    },
  );

  test.each(['serial-canary', 'parallel-canary'] as const)(
    'by strategy %s takes controllers first while one of them never ran: no broker comes up before the quorum',
    (strategy) => {
      const neverRan: NodeChange = { type: 'start' };
      const nodes = [update(0, neverRan), update(1, neverRan), update(1000, none), update(1001, neverRan)];
      expect(phasesOf({ strategy }, nodes)).toEqual([
        ['controller', 'serial', [1000, 1001]],
        ['broker', strategy, [0, 1]],
      ]);
      const isFormed = { strategy, isQuorumFormed: false };
      expect(phasesOf(isFormed, ofBrokers).map(([name]) => name)).toEqual(['controller', 'broker']);
      const ranBefore = [...ofBrokers.slice(0, 3), update(1001, neverRan, true)];
      expect(phasesOf({ strategy }, ranBefore)[0]).toEqual(['broker', strategy, [0, 1]]);
    },
  );

  test('takes the nodes that are down first, in each phase, and then goes by id', () => {
    const nodes = [
      update(2, none),
      update(1, restart, true),
      update(0, restart),
      update(1000, none),
      update(1001, { type: 'start' }, true),
    ];
    expect(phasesOf({ brokerIds: [0, 1, 2] }, nodes)).toEqual([
      ['controller', 'serial', [1001, 1000]],
      ['broker', 'serial', [1, 0, 2]],
    ]);
  });

  test('takes a broker that never ran in the order of its id', () => {
    const nodes = [...ofBrokers, update(2, { type: 'start' })];
    expect(phasesOf({ brokerIds: [2, 1, 0] }, nodes)[1]).toEqual(['broker', 'serial', [0, 1, 2]]);
  });

  test('is one step for a combined node', () => {
    expect(phasesOf({ brokerIds: [0], controllerIds: [0] }, [update(0, restart)])).toEqual([['broker', 'serial', [0]]]);
  });

  test('says which plan it takes back', () => {
    const takesBack = { planId: 'plan-0', reason: 'kafka-0 was not in sync within 600 s' };
    expect(planUpdate({ ...request, takesBack }, ofBrokers, counter()).takesBack).toEqual(takesBack);
  });
});
