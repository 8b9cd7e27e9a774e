import { describe, expect, test } from '@jest/globals';
import type { NodeGoal, ServiceTarget } from '../../../../lib/model/state.ts';
import type { FoundTask, FoundVolume } from '../../../../lib/model/truth/found.ts';
import { judgeTask } from '../../../../lib/model/truth/judge-task.ts';
import { judgeVolume } from '../../../../lib/model/truth/judge-volume.ts';

const target: ServiceTarget = {
  ...{ service: 'kafka', configId: 'config', packageVersion: '4.3.1-1.0.0', clusterId: 'cluster-a', createdAt: 1_000 },
  ...{ brokerIds: [0, 1], controllerIds: [1000] },
};
const goal: NodeGoal = {
  ...{ service: 'kafka', nodeId: 0, configId: 'config', attempt: 3, failures: { count: 0, lastAttempt: 2 } },
  launch: { attempt: 3, request: '{}', requestedAt: 5_000, taskArn: 'arn:3' },
  preparation: { attempt: 2, request: '{}', requestedAt: 4_000, taskArn: 'arn:p2' },
  volume: {
    ...{ generation: 2, zone: 'eu-west-1a', sizeGiB: 5, id: 'vol-2', preparedOn: 'i-1' },
    ...{ fileSystemMade: true, kafkaFormatted: true },
  },
};
const state = { target, goals: [goal] };

const task = (changes: Partial<FoundTask> = {}): FoundTask => ({
  ...{ taskArn: 'arn:3', service: 'kafka', nodeId: 0, purpose: 'node', attempt: 3, clusterId: 'cluster-a' },
  ...changes,
});

describe('a task that lives', () => {
  test.each([
    ['is the one that its node names', task()],
    ['was asked for, and RunTask has not answered yet', task({ taskArn: 'arn:new', nodeId: 1 })],
    ['prepares the volume of its node, for an earlier try too', task({ purpose: 'preparation', attempt: 1 })],
  ])('is known: it %s', (_what, found) => {
    const { launch: _launch, ...asked } = goal;
    const inFlight: NodeGoal = { ...asked, nodeId: 1, launch: { attempt: 3, request: '{}', requestedAt: 5_000 } };
    expect(judgeTask(found, { target, goals: [goal, inFlight] })).toEqual({ type: 'known' });
  });

  test('is a leftover only as a process of a node that is known, of an earlier try', () => {
    expect(judgeTask(task({ taskArn: 'arn:2', attempt: 2 }), state)).toEqual({ type: 'leftover' });
  });

  test.each([
    ['of a service that is not in the table', task(), undefined, 'the table knows no service kafka'],
    [
      'of an earlier service of that name, though of an earlier try',
      task({ attempt: 1, clusterId: 'cluster-b' }),
      state,
      'it belongs to another service that had the name kafka: its cluster id is cluster-b, and the table has cluster-a',
    ],
    [
      'of a node that never ran',
      task({ nodeId: 7 }),
      state,
      'the table knows no node 7 of service kafka that ever ran',
    ],
    [
      'of a later try',
      task({ taskArn: 'arn:4', attempt: 4 }),
      state,
      'the table is older than the world: it is try 4 of kafka-0, and the table knows 3',
    ],
    [
      'that prepares for a later try',
      task({ taskArn: 'arn:p3', purpose: 'preparation', attempt: 3 }),
      state,
      'the table is older than the world: it is try 3 of kafka-0, and the table knows 2',
    ],
    [
      'of the same try as another one',
      task({ taskArn: 'arn:other' }),
      state,
      'it calls itself try 3 of kafka-0, for which the table names arn:3',
    ],
  ])('is reported and nothing else: one %s', (_what, found, known, why) => {
    expect(judgeTask(found, known)).toMatchObject({
      type: 'orphan',
      finding: { what: 'task', id: found.taskArn, service: 'kafka', nodeId: found.nodeId, why },
    });
  });
});

const volume = (changes: Partial<FoundVolume> = {}): FoundVolume => ({
  ...{ id: 'vol-2', service: 'kafka', nodeId: 0, generation: 2, clusterId: 'cluster-a' },
  ...changes,
});

describe('a volume', () => {
  test.each([
    ["is its node's", volume(), { state }],
    ['was kept by an uninstall', volume(), { tombstone: { keptVolumeIds: ['vol-2'] } }],
    [
      'is being made, and its id is not known yet',
      volume({ id: 'vol-new' }),
      { state: { target, goals: [{ ...goal, volume: { ...withoutId(), generation: 2 } }] } },
    ],
  ])('is known: it %s', (_what, found, known) => {
    expect(judgeVolume(found, known)).toBeUndefined();
  });

  test.each([
    ['of a service that is not in the table', volume(), {}, 'the table knows no service kafka'],
    [
      'of an earlier service of that name',
      volume({ clusterId: 'cluster-b' }),
      { state },
      'it belongs to no service of the table: its cluster id is cluster-b, and service kafka has cluster-a',
    ],
    [
      'of a node without a volume',
      volume({ nodeId: 7 }),
      { state },
      'the table knows no volume of node 7 of service kafka',
    ],
    [
      'of a later generation',
      volume({ id: 'vol-3', generation: 3 }),
      { state },
      'the table is older than the world: it is generation 3 of kafka-0, and the table knows 2',
    ],
    [
      'of an earlier generation',
      volume({ id: 'vol-1', generation: 1 }),
      { state },
      'kafka-0 has another one: vol-2, generation 2; this is generation 1',
    ],
    [
      'under another id',
      volume({ id: 'vol-x' }),
      { state },
      'kafka-0 has another one: vol-2, generation 2; this is generation 2',
    ],
  ])('is reported: one %s', (_what, found, known, why) => {
    expect(judgeVolume(found, known)).toMatchObject({ what: 'volume', id: found.id, service: 'kafka', why });
  });

  test('whose tags name no node is reported without one', () => {
    const found: FoundVolume = { id: 'vol-9', service: 'kafka', clusterId: 'cluster-a' };
    expect(judgeVolume(found, { state })).toMatchObject({
      why: 'its tags do not say which node and generation of service kafka it is',
    });
  });
});

function withoutId() {
  return { zone: 'eu-west-1a', sizeGiB: 5, fileSystemMade: false, kafkaFormatted: false };
}
