import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AlreadyExistsException,
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import type { Handlers } from '../../../../local/core/service.ts';

const PORT = 21003;
const CREATED_AT = new Date('2026-02-03T04:05:06.789Z');
const STACK = {
  StackName: 'a<b>&"c"',
  StackStatus: 'CREATE_COMPLETE' as const,
  CreationTime: CREATED_AT,
  Outputs: [{ OutputKey: 'Url', OutputValue: 'http://x/?a=1&b=2\r\n\ttab' }],
  Tags: [],
};

const received: unknown[] = [];
const keep = (answer: object) => (input: unknown) => {
  received.push(input);
  return answer;
};

const ec2: Handlers = {
  CreateVolume: keep({
    VolumeId: 'vol-1',
    Size: 8,
    CreateTime: CREATED_AT,
    Encrypted: false,
    Tags: [{ Key: 'a', Value: 'b' }],
  }),
  RunInstances: keep({
    Instances: [{ InstanceId: 'i-1', SecurityGroups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }] }],
  }),
  DescribeInstances: keep({ Reservations: [] }),
  AttachVolume() {
    throw new AwsError('VolumeInUse', 'vol-1 is already attached to <i-1> & busy');
  },
};

const cloudformation: Handlers = {
  CreateStack(input) {
    if (input.StackName === 'taken') throw new AwsError('AlreadyExistsException', 'Stack taken exists');
    return keep({ StackId: 'arn:stack' })(input);
  },
  DescribeStacks: keep({ Stacks: [STACK] }),
  DeleteStack: keep({}),
};

let folder: string;
let running: RunningCloud;
const options = {
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
  maxAttempts: 1,
};
const ec2Client = new EC2Client(options);
const stackClient = new CloudFormationClient(options);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wire-query-'));
  running = await createCloud({
    dataFolder: folder,
    optFolder: folder,
    port: PORT,
    log: () => undefined,
    services: [() => ({ name: 'ec2', handlers: ec2 }), () => ({ name: 'cloudformation', handlers: cloudformation })],
  });
});

beforeEach(() => {
  received.length = 0;
});

afterAll(async () => {
  ec2Client.destroy();
  stackClient.destroy();
  await running.close();
  rmSync(folder, { recursive: true });
});

async function post(body: string) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const answer = await fetch(`http://127.0.0.1:${PORT}/`, { method: 'POST', headers, body });
  return [answer.status, /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1]];
}

describe('the EC2 query protocol', () => {
  test('carries nested lists, numbers and booleans as the SDK writes them', async () => {
    const input = {
      ImageId: 'ami-1',
      MinCount: 1,
      MaxCount: 2,
      EbsOptimized: true,
      SecurityGroupIds: ['sg-1', 'sg-2'],
      TagSpecifications: [
        {
          ResourceType: 'instance' as const,
          Tags: [
            { Key: 'k', Value: 'v=1&2' },
            { Key: 'empty', Value: '' },
          ],
        },
      ],
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 30, DeleteOnTermination: true } }],
    };
    const { Instances } = await ec2Client.send(new RunInstancesCommand({ ...input, ClientToken: 'token' }));
    expect(received).toEqual([{ ...input, ClientToken: 'token' }]);
    expect(Instances?.[0]?.SecurityGroups?.map(({ GroupId }) => GroupId)).toEqual(['sg-1', 'sg-2']);
  });

  test('reads filters and answers an empty list', async () => {
    const Filters = [{ Name: 'tag:warden', Values: ['a', 'b'] }];
    const { Reservations } = await ec2Client.send(new DescribeInstancesCommand({ Filters }));
    expect(received).toEqual([{ Filters }]);
    expect(Reservations).toEqual([]);
  });

  test('answers times and falsehoods', async () => {
    const volume = await ec2Client.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 8 }));
    expect(volume).toMatchObject({
      CreateTime: CREATED_AT,
      Encrypted: false,
      Size: 8,
      Tags: [{ Key: 'a', Value: 'b' }],
    });
  });

  test('raises errors by their code with the message unharmed', async () => {
    const attach = new AttachVolumeCommand({ Device: '/dev/xvdf', InstanceId: 'i-1', VolumeId: 'vol-1' });
    await expect(ec2Client.send(attach)).rejects.toMatchObject({
      name: 'VolumeInUse',
      message: 'vol-1 is already attached to <i-1> & busy',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(ec2Client.send(new DescribeVolumesCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('ec2 DescribeVolumes'),
    });
  });

  test.each([
    ['a missing member', 'Action=AttachVolume&Version=2016-11-15&Device=x&InstanceId=i', 'MissingParameter'],
    ['an unknown parameter', 'Action=DescribeInstances&Version=2016-11-15&Nonsense=1', 'UnknownParameter'],
    [
      'an unknown nested parameter',
      'Action=DescribeInstances&Version=2016-11-15&Filter.1.Nonsense=1',
      'UnknownParameter',
    ],
    ['a list without numbers', 'Action=DescribeInstances&Version=2016-11-15&Filter.x.Name=1', 'UnknownParameter'],
    [
      'text in place of a number',
      'Action=RunInstances&Version=2016-11-15&MinCount=one&MaxCount=1',
      'InvalidParameterValue',
    ],
    [
      'text in place of a boolean',
      'Action=DescribeInstances&Version=2016-11-15&DryRun=perhaps',
      'InvalidParameterValue',
    ],
    ['an unknown action', 'Action=Nonsense&Version=2016-11-15', 'InvalidAction'],
    ['an unknown version', 'Action=DescribeInstances&Version=1999-01-01', 'InvalidAction'],
    ['no action', 'Version=2016-11-15', 'MissingAction'],
    [
      'a member named like the prototype',
      'Action=DescribeInstances&Version=2016-11-15&__proto__.x=1',
      'UnknownParameter',
    ],
  ])('refuses %s with 400', async (_title, body, code) => {
    expect(await post(body)).toEqual([400, code]);
  });
});

describe('the AWS query protocol', () => {
  test('carries members of lists and answers what XML has to escape', async () => {
    const input = {
      StackName: 'x',
      Capabilities: ['CAPABILITY_IAM' as const],
      Parameters: [{ ParameterKey: 'p', ParameterValue: 'v', UsePreviousValue: false }],
      TemplateBody: '{"a": "ü & <b>"}',
      Tags: [],
    };
    await stackClient.send(new CreateStackCommand(input));
    expect(received).toEqual([input]);
    const { Stacks } = await stackClient.send(new DescribeStacksCommand({ StackName: 'x' }));
    expect(Stacks).toEqual([STACK]);
  });

  test('answers operations that give nothing back', async () => {
    const { $metadata } = await stackClient.send(new DeleteStackCommand({ StackName: 'x' }));
    expect($metadata).toMatchObject({ httpStatusCode: 200 });
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('raises the error class that the SDK models', async () => {
    const create = new CreateStackCommand({ StackName: 'taken' });
    await expect(stackClient.send(create)).rejects.toBeInstanceOf(AlreadyExistsException);
  });

  test('refuses a malformed input with ValidationError', async () => {
    expect(await post('Action=CreateStack&Version=2010-05-15')).toEqual([400, 'ValidationError']);
  });
});
