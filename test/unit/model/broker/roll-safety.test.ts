import { describe, expect, test } from '@jest/globals';
import { brokerMayStop } from '../../../../lib/model/broker/broker-may-stop.ts';
import { controllerMayStop } from '../../../../lib/model/broker/controller-may-stop.ts';
import type { PartitionState } from '../../../../lib/model/broker/partition-state.ts';
import {
  hasCaughtUp,
  hasFetchedSince,
  observedDirectory,
  type QuorumState,
} from '../../../../lib/model/broker/quorum-state.ts';
import { registrationMayBeReleased } from '../../../../lib/model/broker/registration-may-be-released.ts';
import { votersSoughtElsewhere } from '../../../../lib/model/broker/voters-sought-elsewhere.ts';
import type { NodeGoal, ServiceTarget } from '../../../../lib/model/state.ts';

const partition = (replicas: readonly number[], isr: readonly number[], minIsr: number): PartitionState => ({
  ...{ topic: 'orders', partition: 4, replicas, isr, minIsr },
});

const member = (id: number, lastCaughtUpTimestamp: number, directoryId = `directory of ${id}`) => ({
  ...{ id, directoryId, lastFetchTimestamp: lastCaughtUpTimestamp, lastCaughtUpTimestamp },
});

const quorum = (voters: QuorumState['voters'], leaderId = 1000): QuorumState => ({ leaderId, voters, observers: [] });

describe('a broker', () => {
  test('may stop when it holds nothing, or everything it holds is in sync elsewhere', () => {
    expect(brokerMayStop([], 1)).toEqual({ type: 'may stop' });
    expect(brokerMayStop([partition([0, 2], [0], 1)], 1)).toEqual({ type: 'may stop' });
    expect(brokerMayStop([partition([0, 1, 2], [0, 1, 2], 2)], 1)).toEqual({ type: 'may stop' });
  });

  test('may stop although it is itself not in sync, when all others are', () => {
    expect(brokerMayStop([partition([0, 1, 2], [0, 2], 2)], 1)).toEqual({ type: 'may stop' });
  });

  test('must not stop while another replica of one of its partitions is not in sync, and says which', () => {
    expect(brokerMayStop([partition([0, 1, 2], [0, 1], 1)], 1)).toEqual({
      type: 'must not stop',
      blockers: ['orders-4 has replica 2 not in sync'],
      behind: [2],
    });
  });

  test('may stop where replicas are no more than min.insync.replicas: nothing could protect those writes', () => {
    expect(brokerMayStop([partition([0, 1], [0, 1], 2)], 1)).toEqual({ type: 'may stop' });
    expect(brokerMayStop([partition([1], [1], 1)], 1)).toEqual({ type: 'may stop' });
    expect(brokerMayStop([partition([0, 1, 2], [0, 1, 2], 3)], 1)).toEqual({ type: 'may stop' });
  });

  test('is told about every partition that forbids it', () => {
    const judgement = brokerMayStop([partition([1, 2], [1], 1), partition([1, 3], [1], 1)], 1);
    expect(judgement.type === 'must not stop' && judgement.blockers.length).toBe(2);
    expect(judgement).toMatchObject({ behind: [2, 3] });
  });
});

describe('the registration of a stopped broker', () => {
  test('may be released where every partition has another replica in sync, or no other replica at all', () => {
    expect(registrationMayBeReleased([], 1)).toBe(true);
    expect(registrationMayBeReleased([partition([0, 1, 2], [1, 2], 2)], 1)).toBe(true);
    expect(registrationMayBeReleased([partition([1], [1], 1)], 1)).toBe(true);
    expect(registrationMayBeReleased([partition([0, 2], [], 1)], 1)).toBe(true);
  });

  test('must stay where it was the last one in sync, or where nobody is', () => {
    expect(registrationMayBeReleased([partition([0, 1, 2], [1], 2)], 1)).toBe(false);
    expect(registrationMayBeReleased([partition([0, 1], [], 1)], 1)).toBe(false);
    expect(registrationMayBeReleased([partition([0, 1], [0, 1], 1), partition([1, 2], [1], 1)], 1)).toBe(false);
  });
});

describe('a controller', () => {
  test('of three may stop while the two others have caught up', () => {
    expect(
      controllerMayStop(quorum([member(1000, 9_000), member(1001, 9_000), member(1002, 8_500)]), 1000, []),
    ).toEqual({
      type: 'may stop',
    });
  });

  test('of three must not stop while one of the others lags', () => {
    const judgement = controllerMayStop(
      quorum([member(1000, 9_000), member(1001, 9_000), member(1002, 6_000)]),
      1000,
      [],
    );
    expect(judgement).toEqual({
      type: 'must not stop',
      blockers: ['without controller 1000 the quorum needs 2 voters that have caught up, there are: 1001'],
      behind: [1002],
    });
  });

  test('must not stop while one that is needed is looked for where it is no more, and says which', () => {
    const three = quorum([member(1000, 9_000), member(1001, 9_000), member(1002, 9_000)]);
    expect(controllerMayStop(three, 1000, [1001])).toEqual({
      type: 'must not stop',
      blockers: [
        'without controller 1000 the quorum needs 2 voters that have caught up, there are: 1002',
        'the others know controller 1001 at the address that it had before',
      ],
      behind: [1001],
    });
    expect(controllerMayStop(three, 1001, [1001])).toEqual({ type: 'may stop' });
    const two = quorum([member(1000, 9_000), member(1001, 9_000)]);
    expect(controllerMayStop(two, 1001, [1000])).toMatchObject({ type: 'must not stop', behind: [1000] });
  });

  test('is looked for elsewhere once it has moved, until the quorum has its address; with a name it never is', () => {
    const host = (address: string) => ({ instanceId: 'i', containerInstanceArn: 'arn', address, zone: 'a' });
    const hosts = [1000, 1001, 1002].map((nodeId) => ({ nodeId, host: host(`10.0.0.${nodeId}`) }));
    const moved: NodeGoal = {
      ...{ service: 'kafka', nodeId: 1001, configId: 'c', attempt: 2, failures: { count: 0, lastAttempt: 0 } },
      host: host('10.0.9.9'),
    };
    const target: ServiceTarget = {
      ...{ service: 'kafka', configId: 'c', packageVersion: '1.0.0-4.3.1', clusterId: 'id', createdAt: 1 },
      ...{ brokerIds: [], controllerIds: [1000, 1001, 1002] },
    };
    const state = { controllerHosts: { service: 'kafka', hosts }, goals: [moved], target };
    const known = (...listeners: readonly (readonly [number, string])[]) => ({
      nodes: listeners.map(([id, at]) => ({ id, listeners: [{ host: at, port: 9093 }] })),
    });
    const before = known([1000, '10.0.0.1000'], [1001, '10.0.0.1001'], [1002, '10.0.0.1002']);
    expect(votersSoughtElsewhere(state, before, 9093)).toEqual([1001]);
    expect(votersSoughtElsewhere(state, known([1001, '10.0.9.9']), 9093)).toEqual([]);
    expect(votersSoughtElsewhere(state, known(), 9093)).toEqual([]);
    const named = { ...state, target: { ...target, zone: 'internal' } };
    expect(votersSoughtElsewhere(named, known([1001, 'c1.kafka.internal']), 9093)).toEqual([]);
  });

  test('of three that lags itself may be stopped', () => {
    const voters = [member(1000, 9_000), member(1001, 9_000), member(1002, 1_000)];
    expect(controllerMayStop(quorum(voters), 1002, [])).toEqual({ type: 'may stop' });
  });

  test('of two may stop while the other has caught up, and a single one always', () => {
    expect(controllerMayStop(quorum([member(1000, 9_000), member(1001, 8_999)]), 1000, [])).toEqual({
      type: 'may stop',
    });
    expect(controllerMayStop(quorum([member(1000, 9_000), member(1001, -1)]), 1000, []).type).toBe('must not stop');
    expect(controllerMayStop(quorum([member(1000, 9_000)]), 1000, [])).toEqual({ type: 'may stop' });
  });

  test('of five needs three others', () => {
    const voters = [1000, 1001, 1002, 1003, 1004].map((id) => member(id, id === 1004 || id === 1003 ? 0 : 9_000));
    expect(controllerMayStop(quorum(voters), 1003, []).type).toBe('may stop');
    expect(controllerMayStop(quorum(voters), 1001, []).type).toBe('must not stop');
  });
});

describe('a voter', () => {
  test('has caught up when it leads or was level within two seconds of the newest, by the leader’s clock', () => {
    const state = quorum([member(1000, -1), member(1001, 8_001), member(1002, 10_000), member(1003, 8_000)]);
    expect([1000, 1001, 1002, 1003].map((id) => hasCaughtUp(state, id))).toEqual([true, true, true, false]);
  });

  test('that is none has not caught up', () => {
    expect(hasCaughtUp(quorum([member(1000, 1)]), 1009)).toBe(false);
  });

  test('to be is known by the directory that fetched last', () => {
    const observers = [member(1001, 5, 'old disk'), member(1001, 9, 'new disk'), member(1002, 99, 'other')];
    expect(observedDirectory({ leaderId: 1000, voters: [], observers }, 1001)).toBe('new disk');
    expect(observedDirectory({ leaderId: 1000, voters: [], observers }, 1003)).toBeUndefined();
  });

  test('with another disk is known by having fetched since the voter of its id did, and not by a disk that it had', () => {
    const observed = (voter: QuorumState['voters'][number], leaderId = 1000) =>
      observedDirectory({ leaderId, voters: [voter], observers: [member(1001, 5, 'listed')] }, 1001);
    expect(observed(member(1001, 4, 'old disk'))).toBe('listed');
    expect(observed(member(1001, -1, 'old disk'))).toBe('listed');
    expect(observed(member(1001, 6, 'new disk'))).toBeUndefined();
    expect(observed(member(1001, 5, 'new disk'))).toBeUndefined();
    expect(observed(member(1001, -1, 'new disk'), 1001)).toBeUndefined();
  });
});

describe('a restarted controller', () => {
  const quorum: QuorumState = { leaderId: 1000, voters: [member(1000, -1), member(1001, 90_500)], observers: [] };

  test('is not there while the leader only knows what its former process fetched', () => {
    expect(hasFetchedSince(quorum, 1001, 91_000)).toBe(false);
    expect(hasFetchedSince(quorum, 1001, 90_500)).toBe(true);
    expect(hasFetchedSince(quorum, 1002, 0)).toBe(false);
  });

  test('that leads need not fetch', () => {
    expect(hasFetchedSince(quorum, 1000, 91_000)).toBe(true);
  });
});
