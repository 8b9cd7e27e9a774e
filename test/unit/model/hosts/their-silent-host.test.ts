import { describe, expect, test } from '@jest/globals';
import { orTheirSilentHost } from '../../../../lib/model/hosts/their-silent-host.ts';
import type { NodeGoal, ServiceState } from '../../../../lib/model/state.ts';
import { type WaitingReason, waitingSentence } from '../../../../lib/model/waiting-reason.ts';
import { goal, service, wait } from '../plan-status/a-service.ts';

const now = Date.parse('2026-11-22T10:00:00.000Z');
const silentSince = now - 60_000;

function on(nodeId: number, instanceId: string): NodeGoal {
  const host = { instanceId, containerInstanceArn: 'arn', address: '10.0.0.1', zone: 'a' };
  const launch = { attempt: 1, request: JSON.stringify({ instanceId }), requestedAt: 1, taskArn: `arn:task/${nodeId}` };
  return goal(nodeId, { host, attempt: 1, launch });
}

const outOfTouch: WaitingReason = {
  ...{ type: 'host out of touch', instanceId: 'i-1', since: silentSince, service: 'kafka' },
  nodes: [{ service: 'kafka', pod: 'kafka-0', life: 'dead' }],
};
const turn: WaitingReason = { type: 'turn', heldBy: 'the recovery of kafka-0 is under way' };
const starting: WaitingReason = { type: 'task starting', taskArn: 'arn:task/0' };
const hostSeen = { service: 'kafka', instanceId: 'i-1', status: 'ACTIVE' };

const state = (changes: Partial<ServiceState> = {}) =>
  service({
    goals: [on(0, 'i-1'), on(1, 'i-2')],
    hostsSeen: [{ ...hostSeen, silentSince }],
    waits: [wait(0, 'recovery', outOfTouch)],
    ...changes,
  });

describe('a node that waits for another one', () => {
  test('names the host that this one waits for, beside what it waits for itself', () => {
    const reason = orTheirSilentHost(state(), turn, { heldUpBy: [0], now });
    expect(reason).toMatchObject({ type: 'host out of touch', instanceId: 'i-1' });
    expect(waitingSentence(reason)).toBe(
      'waits for its turn: the recovery of kafka-0 is under way: host i-1 is out of touch since 2026-11-22T09:59:00.000Z, and only its end would prove the end of what runs there: kafka-0 (dead by Kafka). Nothing of it moves before it is back or EC2 has ended it; make sure that it may end, then "warden host fence i-1" terminates it',
    );
  });

  test.each<readonly [string, Partial<ServiceState>, readonly number[]]>([
    ['it waits for others than that one', {}, [1]],
    ['it waits for nobody', {}, []],
    ['nobody is at work on that one', { waits: [] }, [0]],
    ['that one waits for something else', { waits: [wait(0, 'recovery', starting)] }, [0]],
    ['the host is in touch again', { hostsSeen: [hostSeen] }, [0]],
    ['EC2 has stopped the host', { hostsSeen: [{ ...hostSeen, silentSince, stoppedSince: now }] }, [0]],
    ['EC2 has ended the host', { goneHosts: [{ service: 'kafka', instanceId: 'i-1', seenAt: now }] }, [0]],
    ['that one is on another host by now', { goals: [on(0, 'i-3'), on(1, 'i-2')] }, [0]],
    ['that one has this from others itself', { waits: [wait(0, 'plan', { ...outOfTouch, heldUp: 'waits' })] }, [0]],
  ])('keeps its reason when %s', (_what, changes, heldUpBy) => {
    expect(orTheirSilentHost(state(changes), turn, { heldUpBy, now })).toEqual(turn);
  });
});
