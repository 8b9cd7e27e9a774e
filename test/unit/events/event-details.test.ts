import { describe, expect, test } from '@jest/globals';
import { executionEnd, hostChange, hostName, taskChange } from '../../../functions/events/event-details.ts';

describe('the detail of a task event', () => {
  test('tells which task, which version at least, whether it is ours and whether it stopped', () => {
    const detail = {
      ...{ taskArn: 'arn:aws:ecs:eu-west-1:111122223333:task/warden/a', version: 4, lastStatus: 'STOPPED' },
      ...{ desiredStatus: 'STOPPED', startedBy: 'warden/kafka/0/node/1', group: 'warden:kafka' },
    };
    expect(taskChange(detail)).toEqual({ taskArn: detail.taskArn, version: 4, ours: true, stopped: true });
  });

  test('of somebody else’s task says so', () => {
    const detail = { taskArn: 'arn', version: 1, lastStatus: 'RUNNING' };
    expect(taskChange(detail)).toMatchObject({ ours: false, stopped: false });
    expect(taskChange({ ...detail, startedBy: 'ecs-svc/1' }).ours).toBe(false);
  });

  test.each([undefined, null, 'text', {}, { taskArn: 7 }])('without its form is an error by name: %p', (detail) => {
    expect(() => taskChange(detail)).toThrow(expect.objectContaining({ name: 'MalformedEvent', retriable: false }));
  });
});

describe('the detail of an execution event', () => {
  const detail = {
    executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:Warden-deploy:run',
    ...{ name: '0a1b2c3d-0000-4000-8000-00000000000f-1', status: 'FAILED', stopDate: 1_700_000_000_000 },
    ...{ input: '{"v":1,"service":"kafka"}', error: 'States.Timeout', cause: 'too long' },
  };

  test('tells whose run ended, how and when', () => {
    expect(executionEnd(detail)).toEqual({
      ...{ name: detail.name, service: 'kafka', succeeded: false, endedAt: 1_700_000_000_000 },
      error: 'States.Timeout: too long',
    });
    const { error: _error, cause: _cause, ...well } = { ...detail, status: 'SUCCEEDED' };
    expect(executionEnd(well)).toEqual({
      name: detail.name,
      service: 'kafka',
      succeeded: true,
      endedAt: detail.stopDate,
    });
    expect(executionEnd({ ...detail, status: 'ABORTED', error: null, cause: null })).not.toHaveProperty('error');
  });

  test('is of no interest while it runs, or when its input names no service or was left out', () => {
    expect(executionEnd({ ...detail, status: 'RUNNING', stopDate: null })).toBeUndefined();
    expect(executionEnd({ ...detail, input: '{"v":1}' })).toBeUndefined();
    expect(executionEnd({ ...detail, input: null })).toBeUndefined();
  });
});

describe('the detail of a host event', () => {
  test('names the instance, as ECS and as EC2 spell it', () => {
    expect(hostName({ ec2InstanceId: 'i-1' })).toBe('i-1');
    expect(hostName({ 'instance-id': 'i-2', state: 'terminated' })).toBe('i-2');
    expect(hostName({})).toBe('unknown');
  });

  const time = '2026-11-22T10:00:00Z';

  test('has it looked at when EC2 has stopped it, each time anew', () => {
    const stopped = { 'instance-id': 'i-2', state: 'stopped' };
    const name = `stopped-${Date.UTC(2026, 10, 22, 10).toString(36)}`;
    expect(hostChange(stopped, time)).toEqual({ instanceId: 'i-2', name });
    expect(hostChange(stopped, '2026-11-22T10:00:01Z')?.name).not.toBe(name);
  });

  test('says whether its agent came or went', () => {
    const active = { ec2InstanceId: 'i-1', status: 'ACTIVE', version: 9 };
    expect(hostChange({ ...active, agentConnected: false }, time)).toEqual({
      ...{ instanceId: 'i-1', name: 'lost-9', agent: 'lost' },
    });
    expect(hostChange({ ...active, agentConnected: true }, time)).toEqual({
      ...{ instanceId: 'i-1', name: 'back-9', agent: 'back' },
    });
    expect(hostChange(active, time)).toBeUndefined();
  });

  test('makes nodes leave it when EC2 has terminated it or ECS drains it, and never otherwise', () => {
    expect(hostChange({ 'instance-id': 'i-2', state: 'terminated' }, time)).toEqual({
      instanceId: 'i-2',
      name: 'terminated',
    });
    const drains = { ec2InstanceId: 'i-1', status: 'DRAINING', agentConnected: true, version: 7 };
    expect(hostChange(drains, time)).toEqual({ instanceId: 'i-1', name: 'draining-7' });
    for (const state of ['pending', 'running', 'shutting-down', 'stopping'])
      expect(hostChange({ 'instance-id': 'i-2', state }, time)).toBeUndefined();
  });
});
