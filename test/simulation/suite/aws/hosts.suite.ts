import { AttachVolumeCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeContainerInstancesCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { type AwsSubject, type SuiteHost, scripts } from './aws-subject.ts';
import {
  availableVolume,
  containerInstance,
  describeTask,
  describeVolume,
  register,
  runningTask,
  runTask,
  taskEvents,
  untilStatus,
} from './ecs-steps.ts';

/** Hosts: what EC2 and ECS tell of them while they live, and when they end. */
export function describeHosts(open: () => AwsSubject): void {
  const instanceState = async ({ instanceId }: SuiteHost) => {
    const { Reservations } = await open().ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name;
  };
  const eventsOf = (detailType: string, isOf: (detail: Record<string, unknown>) => boolean) =>
    open()
      .events()
      .filter((event) => event.detailType === detailType)
      .map(({ detail }) => detail as Record<string, unknown>)
      .filter(isOf);
  const untilConnected = (host: SuiteHost, isConnected: boolean) =>
    open().waitFor(
      () => containerInstance(open(), host),
      (seen) => seen?.agentConnected === isConnected,
    );

  describe('a host', () => {
    test('is a container instance of the cluster', async () => {
      const [host] = open().hosts;
      const shown = await containerInstance(open(), host);
      expect(shown).toMatchObject({ ec2InstanceId: host.instanceId, status: 'ACTIVE', agentConnected: true });
      expect(shown?.attributes).toContainEqual({ name: 'ecs.availability-zone', value: host.zone });
      expect(shown?.registeredResources?.map(({ name }) => name)).toEqual(['CPU', 'MEMORY', 'PORTS', 'PORTS_UDP']);
    });

    test('that is not there is missing', async () => {
      const { ecs, cluster } = open();
      const request = { cluster, containerInstances: ['0123456789abcdef0123456789abcdef'] };
      expect(await ecs.send(new DescribeContainerInstancesCommand(request))).toMatchObject({
        containerInstances: [],
        failures: [{ reason: 'MISSING' }],
      });
    });

    test('that is terminated ends its tasks, leaves the cluster and lets its volumes go', async () => {
      const host = await open().takeHost();
      await untilConnected(host, true);
      const volumeId = await availableVolume(open(), host.zone);
      const attachment = { VolumeId: volumeId, InstanceId: host.instanceId, Device: '/dev/xvdaa' };
      await open().ec2.send(new AttachVolumeCommand(attachment));
      const arn = await runningTask(open(), await register(open(), scripts.sleeps), { host });
      await open().terminateHost(host);
      const volume = await open().waitFor(
        () => describeVolume(open(), volumeId),
        ({ State }) => State === 'available',
      );
      expect(volume.Attachments).toEqual([]);
      await open().waitFor(
        () => instanceState(host),
        (state) => state === 'terminated',
      );
      await open().waitFor(
        () => containerInstance(open(), host),
        (seen) => seen === undefined,
      );
      expect(await untilStatus(open(), arn, 'STOPPED')).toMatchObject({ desiredStatus: 'STOPPED' });
      const states = eventsOf('EC2 Instance State-change Notification', (d) => d['instance-id'] === host.instanceId);
      expect(states.map(({ state }) => state)).toEqual(expect.arrayContaining(['shutting-down', 'terminated']));
      const changes = eventsOf('ECS Container Instance State Change', (d) => d['ec2InstanceId'] === host.instanceId);
      const versions = changes.map(({ version }) => Number(version));
      expect(versions).toEqual(versions.toSorted((left, right) => left - right));
      expect(changes.at(-1)).toMatchObject({ status: 'INACTIVE', agentConnected: false });
      expect(taskEvents(open(), arn).at(-1)).toMatchObject({ lastStatus: 'STOPPED' });
    });

    test('without power keeps its tasks RUNNING in ECS and takes no new ones, until it is back', async () => {
      const host = await open().takeHost();
      await untilConnected(host, true);
      const definition = await register(open(), scripts.sleeps);
      const arn = await runningTask(open(), definition, { host });
      await open().crashHost(host);
      await untilConnected(host, false);
      expect(await describeTask(open(), arn)).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' });
      expect(await instanceState(host)).toBe('running');
      const refused = await runTask(open(), definition, { host });
      expect(refused).toMatchObject({ tasks: [], failures: [{ reason: 'AGENT' }] });
      await open().rebootHost(host);
      await untilConnected(host, true);
      expect(await untilStatus(open(), arn, 'STOPPED')).toMatchObject({ stopCode: 'EssentialContainerExited' });
      expect(await instanceState(host)).toBe('running');
    });
  });
}
