import { describe, expect, test } from '@jest/globals';
import type { GroupRecord, Member } from '../../../../local/autoscaling/group-record.ts';
import { planCapacity } from '../../../../local/autoscaling/plan-capacity.ts';

const GROUP: GroupRecord = {
  name: 'hosts',
  arn: 'arn:group/hosts',
  launchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' },
  minSize: 0,
  maxSize: 9,
  desiredCapacity: 2,
  subnetIds: ['subnet-a', 'subnet-b'],
  cooldownSeconds: 300,
  healthCheckType: 'EC2',
  healthCheckGraceSeconds: 0,
  protectsNewInstances: false,
  suspended: [],
  tags: [],
  isDeleting: false,
  createdAt: 0,
};

function member(instanceId: string, more: Partial<Member> = {}): Member {
  return {
    instanceId,
    type: 'm7g.large',
    zone: 'us-east-1a',
    subnetId: 'subnet-a',
    state: 'running',
    launchedAt: 1,
    isProtected: false,
    ...more,
  };
}

describe('a group', () => {
  test('starts what is missing in its emptiest subnets', () => {
    expect(planCapacity(GROUP, [])).toEqual({ launchIn: ['subnet-a', 'subnet-b'], terminate: [] });
    expect(planCapacity(GROUP, [member('i-1')])).toEqual({ launchIn: ['subnet-b'], terminate: [] });
  });

  test('counts an instance that is still pending', () => {
    expect(planCapacity(GROUP, [member('i-1', { state: 'pending' }), member('i-2')])).toEqual({
      launchIn: [],
      terminate: [],
    });
  });

  test('replaces an instance that was stopped', () => {
    expect(planCapacity(GROUP, [member('i-1'), member('i-2', { state: 'stopped' })])).toEqual({
      launchIn: ['subnet-b'],
      terminate: ['i-2'],
    });
  });

  test('leaves all as it is while its processes are suspended', () => {
    const suspended = { ...GROUP, suspended: ['Launch', 'Terminate', 'ReplaceUnhealthy'] };
    expect(planCapacity(suspended, [member('i-2', { state: 'stopped' })])).toEqual({ launchIn: [], terminate: [] });
  });

  test('ends the oldest of too many that is not protected', () => {
    const members = [
      member('i-1', { launchedAt: 1, isProtected: true }),
      member('i-2', { launchedAt: 2 }),
      member('i-3', { launchedAt: 3 }),
    ];
    expect(planCapacity(GROUP, members)).toEqual({ launchIn: [], terminate: ['i-2'] });
  });

  test('on its way out ends everything, protected or not', () => {
    const members = [member('i-1', { isProtected: true }), member('i-2', { state: 'stopped' })];
    expect(planCapacity({ ...GROUP, isDeleting: true }, members).terminate).toEqual(['i-1', 'i-2']);
  });
});
