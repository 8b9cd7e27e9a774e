import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createAutoscalingService } from '../../../../local/autoscaling/service.ts';
import { createCloud } from '../../../../local/core/create-cloud.ts';
import type { AwsEvent, CallFunction, LocalService } from '../../../../local/core/service.ts';
import { createDynamodbService } from '../../../../local/dynamodb/service.ts';
import { createEc2Service } from '../../../../local/ec2/service.ts';
import { createEcsService } from '../../../../local/ecs/service.ts';
import { crashHost, cutOffHost, killTask } from '../../../../local/hosts/power.ts';
import { createLogsService } from '../../../../local/logs/service.ts';
import { connectedHosts, launchHosts } from '../../../unit/local/ecs/small-cloud.ts';
import type { AwsSubject, SuiteHost } from './aws-subject.ts';

/** The local cloud under the suite: real clients, sockets and processes. */
export interface LocalSubject extends AwsSubject {
  readonly remove: () => Promise<void>;
}

const port = 21_730;
const addressPrefix = '127.38';

/** Three hosts in us-east-1a, of which two may be brought down, and three in us-east-1b. */
export async function startLocalSubject(): Promise<LocalSubject> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'aws-suite-'));
  const events: AwsEvent[] = [];
  const bus: LocalService = { name: 'events', handlers: {}, accept: (event) => void events.push(event) };
  const { cloud, close } = await createCloud({
    ...{ dataFolder, port, addressPrefix, log: () => undefined },
    optFolder: join(process.cwd(), '.warden', 'opt'),
    services: [
      (shared) => createEc2Service(shared, { addressPrefix }),
      ...[createAutoscalingService, createEcsService, createLogsService, createDynamodbService, () => bus],
    ],
  });
  await launchHosts(cloud.call, { zones: ['us-east-1a', 'us-east-1b'], hosts: 3 });
  await connectedHosts(cloud.call, 6);
  const instanceIds = await allInstanceIds(cloud.call, { terminatedToo: false });
  await keepFromReplacing(cloud.call);
  const inZone = (zone: string): SuiteHost[] =>
    instanceIds.filter((host) => host.zone === zone).map(({ instanceId }) => ({ instanceId, zone }));
  const [first, ...spare] = inZone('us-east-1a');
  const [second] = inZone('us-east-1b');
  if (first === undefined || second === undefined) throw new Error('the local cloud has no hosts in both zones');
  const clients = await createClients(cloud.endpointUrl);
  return {
    ...clients,
    ...{ table: 'Warden', cluster: 'test', hosts: [first, second] },
    takeHost: async () => {
      const host = spare.pop();
      if (host === undefined) throw new Error('no host is left to be brought down');
      return host;
    },
    waitFor: async (ask, fits) => {
      for (;;) {
        const answer = await ask();
        if (fits(answer)) return answer;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    events: () => events,
    killTask: ({ instanceId }, taskArn) => killTask(dataFolder, instanceId, taskArn.split('/').at(-1) ?? ''),
    terminateHost: async ({ instanceId }) => {
      await cloud.call('ec2', 'TerminateInstances', { InstanceIds: [instanceId] });
    },
    crashHost: ({ instanceId }) => crashHost(dataFolder, instanceId),
    rebootHost: async ({ instanceId }) => {
      await cloud.call('ec2', 'RebootInstances', { InstanceIds: [instanceId] });
    },
    remove: async () => {
      const all = await allInstanceIds(cloud.call, { terminatedToo: true });
      for (const client of Object.values(clients)) client.destroy();
      await close();
      for (const { instanceId } of all) await cutOffHost(dataFolder, instanceId);
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function createClients(endpoint: string) {
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' } };
  const plain = new DynamoDBClient(config);
  await plain.send(
    new CreateTableCommand({
      TableName: 'Warden',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const dynamodb = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  return { dynamodb, ecs: new ECSClient(config), ec2: new EC2Client(config) };
}

/** A case that brings a host down wants it to stay down. */
async function keepFromReplacing(call: CallFunction): Promise<void> {
  for (const zone of ['us-east-1a', 'us-east-1b']) {
    await call('autoscaling', 'SuspendProcesses', {
      AutoScalingGroupName: `hosts-${zone}`,
      ScalingProcesses: ['ReplaceUnhealthy', 'Launch', 'Terminate'],
    });
  }
}

interface ShownInstance {
  readonly InstanceId: string;
  readonly Placement: { readonly AvailabilityZone: string };
  readonly State: { readonly Name: string };
}

async function allInstanceIds(
  call: CallFunction,
  { terminatedToo }: { readonly terminatedToo: boolean },
): Promise<readonly SuiteHost[]> {
  const { Reservations } = await call('ec2', 'DescribeInstances', {});
  return Reservations.flatMap(({ Instances }: { Instances: readonly ShownInstance[] }) => Instances)
    .filter(({ State }: ShownInstance) => terminatedToo || State.Name === 'running')
    .map(({ InstanceId, Placement }: ShownInstance) => ({ instanceId: InstanceId, zone: Placement.AvailabilityZone }));
}
