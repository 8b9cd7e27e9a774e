import { describe, expect, test } from '@jest/globals';
import { createEc2Hosts } from '../../../lib/aws/ec2-hosts.ts';
import { createModelSubject } from '../../simulation/suite/aws/model-subject.ts';

const threeHoursMs = 3 * 3600 * 1000;

function modelledHosts() {
  const subject = createModelSubject();
  const { ecs, ec2, cluster: clusterArn } = subject;
  return { subject, port: createEc2Hosts({ clusterArn, clients: { ecs, ec2 } }) };
}

describe('the hosts on ECS and EC2', () => {
  test('are told with what is left of them', async () => {
    const { subject, port } = modelledHosts();
    const [first] = subject.hosts;
    expect(await port.list()).toMatchObject([
      {
        ...{ instanceId: first.instanceId, zone: 'us-east-1a', status: 'ACTIVE', agentConnected: true },
        ...{ cpuUnits: 2048, memoryMiB: 7680, freeCpuUnits: 2048, freeMemoryMiB: 7680 },
        // m7g.large has 28 places, of which the network card takes one and the root disk another.
        ...{ volumeSlots: 27, attachedVolumes: 1 },
      },
      { zone: 'us-east-1b' },
    ]);
  });

  test('are told without one that EC2 has forgotten while ECS has not', async () => {
    const { subject, port } = modelledHosts();
    const [first, second] = subject.hosts;
    // ECS takes only those off its list whose agents were connected to the end.
    subject.models.disconnectAgent(first.instanceId);
    subject.models.loseHost(first.instanceId);
    await subject.timeline.pass(threeHoursMs);
    expect((await port.list()).map(({ instanceId }) => instanceId)).toEqual([second.instanceId]);
    subject.models.disconnectAgent(second.instanceId);
    subject.models.loseHost(second.instanceId);
    await subject.timeline.pass(threeHoursMs);
    expect(await port.list()).toEqual([]);
  });

  test('are gone for good once they are terminated, also when EC2 has forgotten them, and not before', async () => {
    const { subject, port } = modelledHosts();
    const [first, second] = subject.hosts;
    const both = [first.instanceId, second.instanceId];
    subject.models.crashHost(second.instanceId);
    expect(await port.listGone(both)).toEqual([]);
    subject.models.disconnectAgent(first.instanceId);
    subject.models.loseHost(first.instanceId);
    await subject.timeline.pass(60_000);
    expect(await port.listGone(both)).toEqual([first.instanceId]);
    await subject.timeline.pass(threeHoursMs);
    expect(await port.listGone(both)).toEqual([first.instanceId]);
  });

  test('are told to be stopped when EC2 has stopped them', async () => {
    const { subject, port } = modelledHosts();
    const [first] = subject.hosts;
    const isStopped = async () =>
      (await port.list()).find(({ instanceId }) => instanceId === first.instanceId)?.isStopped;
    expect(await isStopped()).toBeUndefined();
    subject.models.stopHost(first.instanceId);
    await subject.timeline.pass(120_000);
    expect(await isStopped()).toBe(true);
  });

  test('end by a fence, which may come twice, also when EC2 has forgotten them', async () => {
    const { subject, port } = modelledHosts();
    const [first, second] = subject.hosts;
    expect(await port.terminate(first.instanceId, false)).toEqual({ type: 'accepted' });
    await port.terminate(first.instanceId, true);
    await subject.timeline.pass(60_000);
    expect(await port.listGone([first.instanceId, second.instanceId])).toEqual([first.instanceId]);
    await port.terminate(first.instanceId, false);
    await subject.timeline.pass(threeHoursMs);
    await port.terminate(first.instanceId, false);
    expect(await port.terminate('i-0unknown', false)).toEqual({ type: 'accepted' });
  });

  const answering = (name: string, message: string, httpStatusCode: number) => {
    const { subject } = modelledHosts();
    const error = Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
    const ec2 = { send: () => Promise.reject(error) } as unknown as typeof subject.ec2;
    return createEc2Hosts({ clusterArn: subject.cluster, clients: { ecs: subject.ecs, ec2 } });
  };

  test('are not ended when EC2 refuses it, in its words, of which the coded part is left out', async () => {
    const message = "The instance 'i-1' may not be terminated. Modify its 'disableApiTermination' instance attribute.";
    expect(await answering('OperationNotPermitted', message, 400).terminate('i-1', false)).toEqual({
      ...{ type: 'refused', why: `OperationNotPermitted: ${message}` },
    });
    const coded = `not authorized. Encoded authorization failure message: ${'x'.repeat(1000)}`;
    const answer = await answering('UnauthorizedOperation', coded, 403).terminate('i-1', false);
    expect(answer).toMatchObject({ type: 'refused', why: expect.stringMatching(/^UnauthorizedOperation: not auth/) });
    expect(JSON.stringify(answer).length).toBeLessThan(600);
  });

  test.each([
    ['RequestLimitExceeded', 503],
    ['InternalError', 500],
  ])('are asked for again when EC2 does not answer now: %s', async (name, status) => {
    const asked = answering(name, 'later', status).terminate('i-1', false);
    await expect(asked).rejects.toMatchObject({ name: 'HostsError', retriable: true });
  });

  test('are not gone while EC2 does not show one whose agent is connected', async () => {
    const { subject } = modelledHosts();
    const { ecs, cluster: clusterArn } = subject;
    const blind = { send: async () => ({ Reservations: [] }) } as unknown as typeof subject.ec2;
    const port = createEc2Hosts({ clusterArn, clients: { ecs, ec2: blind } });
    expect(await port.listGone([subject.hosts[0].instanceId, 'i-0unknown'])).toEqual(['i-0unknown']);
  });
});
