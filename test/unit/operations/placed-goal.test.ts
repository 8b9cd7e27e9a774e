import { describe, expect, test } from '@jest/globals';
import type { NodeVolume } from '../../../lib/model/node-volume.ts';
import type { NodeReplacement } from '../../../lib/model/node-wish.ts';
import type { Host } from '../../../lib/model/placement/host.ts';

import { placedGoal } from '../../../lib/operations/node/placed-goal.ts';
import { volumeRequest } from '../../../lib/operations/node/volume-request.ts';
import { fakeHost } from '../../support/fake-hosts.ts';
import { storedConfig } from '../model/update/stored-config.ts';

const gibibytes = 5;
const config = storedConfig({ brokers: { disk: gibibytes * 1024 } });
const on: Host = fakeHost(1);
const here = {
  ...{ instanceId: on.instanceId, containerInstanceArn: on.containerInstanceArn, address: on.address, zone: on.zone },
};

function place(asked: Partial<NodeReplacement>, old: Partial<NodeVolume>) {
  const goal = {
    ...{ service: 'kafka', nodeId: 0, configId: config.id, attempt: 3, host: here },
    failures: { count: 4, lastAttempt: 3 },
    preparation: { attempt: 2, request: '{}', requestedAt: 1, taskArn: 'arn:old' },
    volume: {
      ...{ generation: 1, zone: on.zone, sizeGiB: 8, preparedOn: on.instanceId },
      ...{ fileSystemMade: true, kafkaFormatted: true, ...old },
    },
  };
  const newVolumeBy = {
    times: 1,
    volume: 'discard' as const,
    force: false,
    requestedBy: 'x',
    requestedAt: 1,
    ...asked,
  };
  const state = { goals: [goal], nodeWishes: [] } as unknown as Parameters<typeof placedGoal>[0]['state'];
  return placedGoal({ goal, state }, config, { type: 'to promise', on, version: 1, newVolumeBy });
}

describe('another volume', () => {
  test('is a new number, is prepared anew also on the same host, and leaves the old one named', () => {
    const goal = place({ volumeId: 'vol-1' }, { id: 'vol-1' });
    expect(goal.volume).toEqual({
      ...{ generation: 2, zone: on.zone, sizeGiB: 8, fileSystemMade: false, kafkaFormatted: false },
    });
    expect(goal.discarded).toEqual([{ id: 'vol-1', generation: 1 }]);
    expect([goal.preparation?.refused, goal.preparation?.attempt]).toEqual([true, 2]);
    expect([goal.replaced, goal.failures]).toEqual([1, { count: 0, lastAttempt: 3 }]);
  });

  test('made of a snapshot is never formatted, and asked for by the snapshot', () => {
    const asked = { volume: 'snapshot' as const, snapshotId: 'snap-7', volumeId: 'vol-1' };
    const goal = place(asked, { id: 'vol-1', sizeGiB: 3 });
    expect(goal.volume).toEqual({
      ...{ generation: 2, zone: on.zone, sizeGiB: gibibytes, snapshotId: 'snap-7' },
      ...{ fileSystemMade: true, kafkaFormatted: true },
    });
    if (goal.volume === undefined) throw new Error('it has one');
    expect(volumeRequest('cluster', goal, goal.volume)).toMatchObject({
      ...{ snapshotId: 'snap-7', sizeGiB: gibibytes, clientToken: 'cluster-0-volume-2' },
    });
  });

  const unlearnt = { generation: 2, fileSystemMade: false, kafkaFormatted: false };
  test('is the one whose id was never learnt, which is empty, as long as it is in that zone', () => {
    expect([place({}, unlearnt).volume?.generation, place({}, unlearnt).discarded]).toEqual([2, undefined]);
    expect(place({}, { ...unlearnt, zone: 'elsewhere' }).volume?.generation).toBe(3);
    expect(place({}, { ...unlearnt, snapshotId: 'snap-1' }).volume?.generation).toBe(3);
  });
});
