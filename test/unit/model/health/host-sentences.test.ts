import { describe, expect, test } from '@jest/globals';
import { hostSentences } from '../../../../lib/model/health/host-sentences.ts';
import type { HostSeen } from '../../../../lib/model/hosts/records.ts';
import type { NodeGoal, ServiceState } from '../../../../lib/model/state.ts';
import { goal, service } from '../plan-status/a-service.ts';

const at = Date.parse('2026-11-22T10:00:00.000Z');
const minuteMs = 60_000;

function on(nodeId: number, instanceId: string): NodeGoal {
  const host = { instanceId, containerInstanceArn: 'arn', address: '10.0.0.1', zone: 'eu-west-1a' };
  return { ...goal(nodeId), host };
}

const goals = [on(0, 'i-1'), on(1000, 'i-1'), on(1, 'i-2')];
const seen = (more: Partial<HostSeen>): HostSeen => ({
  service: 'kafka',
  instanceId: 'i-1',
  status: 'ACTIVE',
  ...more,
});

describe('what is said of the hosts of a service', () => {
  test('is nothing while they are in touch, and for five minutes after they fell silent', () => {
    const hostsSeen = [seen({ silentSince: at }), seen({ instanceId: 'i-2' })];
    expect(hostSentences(service({ goals, hostsSeen }), at + 5 * minuteMs - 1)).toEqual([]);
  });

  test('names one that has been silent for five minutes, and the nodes that it has', () => {
    const hostsSeen = [seen({ silentSince: at })];
    expect(hostSentences(service({ goals, hostsSeen }), at + 5 * minuteMs)).toEqual([
      'host i-1 has not been heard of since 2026-11-22T10:00:00.000Z: it has kafka-0, controller-0; ' +
        'nothing of it moves before the host is back, or EC2 has ended it; "warden host fence i-1" does that',
    ]);
  });

  test('names one that EC2 refuses to end, though somebody wants it', () => {
    const why = "OperationNotPermitted: The instance 'i-1' may not be terminated.";
    const fence = { service: 'kafka', instanceId: 'i-1', requestedBy: 'ann', requestedAt: at, force: true, why: 'she' };
    const hostsSeen = [seen({}), seen({ instanceId: 'i-2' })];
    const of = (fences: ServiceState['fences'], more = {}) => service({ goals, hostsSeen, fences, ...more });
    expect(hostSentences(of([{ ...fence, refused: { at, why } }]), at)).toEqual([
      "ann has host i-1 terminated: EC2 refused to terminate it at 2026-11-22T10:00:00.000Z: OperationNotPermitted: The instance 'i-1' may not be terminated. It is asked again every five minutes",
    ]);
    expect(hostSentences(of([fence]), at)).toEqual([]);
    const goneHosts = [{ service: 'kafka', instanceId: 'i-1', seenAt: at }];
    expect(hostSentences(of([{ ...fence, refused: { at, why } }], { goneHosts }), at)).toEqual([]);
  });

  test('names one that drains', () => {
    const hostsSeen = [seen({ instanceId: 'i-2', status: 'DRAINING' })];
    expect(hostSentences(service({ goals, hostsSeen }), at)).toEqual([
      'host i-2 drains: it has kafka-1, moved away one after another',
    ]);
  });

  test('passes over hosts that are gone, and those without nodes', () => {
    const hostsSeen = [seen({ silentSince: 0 }), seen({ instanceId: 'i-3', silentSince: 0 })];
    const goneHosts = [{ service: 'kafka', instanceId: 'i-1', seenAt: 1 }];
    expect(hostSentences(service({ goals, hostsSeen, goneHosts }), at)).toEqual([]);
  });
});
