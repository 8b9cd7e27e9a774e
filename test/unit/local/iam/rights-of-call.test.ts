import { describe, expect, test } from '@jest/globals';
import type { CallFunction, ServiceName } from '../../../../local/core/service.ts';
import { rightsOfCall } from '../../../../local/iam/rights-of-call.ts';
import { encodeTaskToken } from '../../../../local/stepfunctions/interpreter/task-token.ts';

const HOME = 'us-east-1:000000000000';

/** What other services would answer. */
const call: CallFunction = async (service, operation, input) => {
  switch (`${service} ${operation}`) {
    case 'ec2 DescribeTags': {
      const [id] = Object(input).Filters[0].Values;
      return { Tags: id === 'vol-1' ? [{ Key: 'warden:service', Value: 'kafka' }] : [] };
    }
    case 'ec2 DescribeVolumes':
      return { Volumes: [{ Attachments: [{ InstanceId: 'i-9' }] }] };
    case 'ecs DescribeTaskDefinition':
      return { taskDefinition: { taskDefinitionArn: `arn:aws:ecs:${HOME}:task-definition/warden-a:7` } };
    case 'secretsmanager DescribeSecret':
      return { ARN: `arn:aws:secretsmanager:${HOME}:secret:tokens-AbCdEf` };
    default:
      throw new Error(`${service} ${operation} was not expected`);
  }
};

/** `action on resource [if key=value, …]`, one line a right. */
async function rights(service: ServiceName, operation: string, input: object): Promise<string[]> {
  const cloud = { accountId: '000000000000', region: 'us-east-1', call };
  const needed = await rightsOfCall({ cloud, service, operation, input });
  return needed.map(({ action, resource, context }) => {
    const keys = Object.entries(context ?? {}).map(([key, value]) => `${key}=${value}`);
    return `${action} on ${resource.replace(HOME, 'home')}${keys.length === 0 ? '' : ` if ${keys.sort().join(', ')}`}`;
  });
}

describe('DynamoDB', () => {
  test('asks on the table, or on the index that is queried', async () => {
    expect(await rights('dynamodb', 'PutItem', { TableName: 'T' })).toEqual([
      'dynamodb:PutItem on arn:aws:dynamodb:home:table/T',
    ]);
    expect(await rights('dynamodb', 'Query', { TableName: 'T', IndexName: 'byHost' })).toEqual([
      'dynamodb:Query on arn:aws:dynamodb:home:table/T/index/byHost',
    ]);
  });

  test('asks for the parts of a transaction, each once', async () => {
    const TransactItems = [
      { Put: { TableName: 'T' } },
      { Put: { TableName: 'T' } },
      { ConditionCheck: { TableName: 'T' } },
      { Delete: { TableName: 'U' } },
      { Update: { TableName: 'U' } },
    ];
    expect(await rights('dynamodb', 'TransactWriteItems', { TransactItems })).toEqual([
      'dynamodb:PutItem on arn:aws:dynamodb:home:table/T',
      'dynamodb:ConditionCheckItem on arn:aws:dynamodb:home:table/T',
      'dynamodb:DeleteItem on arn:aws:dynamodb:home:table/U',
      'dynamodb:UpdateItem on arn:aws:dynamodb:home:table/U',
    ]);
  });

  test('asks for a batch on each of its tables', async () => {
    expect(await rights('dynamodb', 'BatchGetItem', { RequestItems: { A: {}, B: {} } })).toEqual([
      'dynamodb:BatchGetItem on arn:aws:dynamodb:home:table/A',
      'dynamodb:BatchGetItem on arn:aws:dynamodb:home:table/B',
    ]);
  });
});

describe('ECS', () => {
  const cluster = `arn:aws:ecs:${HOME}:cluster/C`;

  test('asks for a tagged task on its definition and for the tags on tasks', async () => {
    const input = { cluster, taskDefinition: 'warden-a', tags: [{ key: 'warden:service', value: 'kafka' }] };
    const tags = 'aws:requesttag/warden:service=kafka, aws:tagkeys=warden:service';
    expect(await rights('ecs', 'RunTask', input)).toEqual([
      `ecs:RunTask on arn:aws:ecs:home:task-definition/warden-a:7 if ${tags}, ecs:cluster=${cluster}`,
      `ecs:TagResource on arn:aws:ecs:home:task/C/* if ${tags}, ecs:createaction=RunTask`,
    ]);
  });

  test('asks to pass the roles of a definition and of overrides', async () => {
    const taskRoleArn = 'arn:aws:iam::000000000000:role/Task';
    expect(await rights('ecs', 'RegisterTaskDefinition', { family: 'f', taskRoleArn })).toEqual([
      'ecs:RegisterTaskDefinition on *',
      `iam:PassRole on ${taskRoleArn} if iam:passedtoservice=ecs-tasks.amazonaws.com`,
    ]);
  });

  test('asks for tasks and hosts on their ARNs with the cluster as a condition key', async () => {
    expect(await rights('ecs', 'StopTask', { cluster: 'C', task: 'abc' })).toEqual([
      `ecs:StopTask on arn:aws:ecs:home:task/C/abc if ecs:cluster=${cluster}`,
    ]);
    expect(await rights('ecs', 'ListTasks', { cluster, startedBy: 'x' })).toEqual([
      `ecs:ListTasks on * if ecs:cluster=${cluster}`,
    ]);
    expect(await rights('ecs', 'DescribeContainerInstances', { cluster, containerInstances: ['one', 'two'] })).toEqual([
      `ecs:DescribeContainerInstances on arn:aws:ecs:home:container-instance/C/one if ecs:cluster=${cluster}`,
      `ecs:DescribeContainerInstances on arn:aws:ecs:home:container-instance/C/two if ecs:cluster=${cluster}`,
    ]);
  });
});

describe('EC2', () => {
  test('asks for a tagged volume on volumes, and for its tags', async () => {
    const TagSpecifications = [{ ResourceType: 'volume', Tags: [{ Key: 'warden:service', Value: 'kafka' }] }];
    const tags = 'aws:requesttag/warden:service=kafka, aws:tagkeys=warden:service';
    expect(await rights('ec2', 'CreateVolume', { AvailabilityZone: 'a', TagSpecifications })).toEqual([
      `ec2:CreateVolume on arn:aws:ec2:home:volume/* if ${tags}`,
      `ec2:CreateTags on arn:aws:ec2:home:volume/* if ${tags}, ec2:createaction=CreateVolume`,
    ]);
  });

  test('asks for an attachment on both ends with their tags, also when the instance is not named', async () => {
    const volume =
      'on arn:aws:ec2:home:volume/vol-1 if aws:resourcetag/warden:service=kafka, ec2:resourcetag/warden:service=kafka';
    expect(await rights('ec2', 'AttachVolume', { VolumeId: 'vol-1', InstanceId: 'i-2' })).toEqual([
      `ec2:AttachVolume ${volume}`,
      'ec2:AttachVolume on arn:aws:ec2:home:instance/i-2',
    ]);
    expect(await rights('ec2', 'DetachVolume', { VolumeId: 'vol-1' })).toEqual([
      `ec2:DetachVolume ${volume}`,
      'ec2:DetachVolume on arn:aws:ec2:home:instance/i-9',
    ]);
  });

  test('asks for descriptions on everything', async () => {
    expect(await rights('ec2', 'DescribeVolumes', { VolumeIds: ['vol-1'] })).toEqual(['ec2:DescribeVolumes on *']);
  });
});

describe('Step Functions', () => {
  const machine = `arn:aws:states:${HOME}:stateMachine:W-broker`;
  const executionArn = `arn:aws:states:${HOME}:execution:W-broker:run-1`;

  test('asks on the machine, the execution, and for an answer on the machine that waits', async () => {
    expect(await rights('sfn', 'StartExecution', { stateMachineArn: machine })).toEqual([
      'states:StartExecution on arn:aws:states:home:stateMachine:W-broker',
    ]);
    expect(await rights('sfn', 'DescribeExecution', { executionArn })).toEqual([
      'states:DescribeExecution on arn:aws:states:home:execution:W-broker:run-1',
    ]);
    const taskToken = encodeTaskToken({ executionArn, nonce: 'n' });
    expect(await rights('sfn', 'SendTaskSuccess', { taskToken })).toEqual([
      'states:SendTaskSuccess on arn:aws:states:home:stateMachine:W-broker',
    ]);
  });

  test('asks nothing for a token that is none, which is no secret', async () => {
    expect(await rights('sfn', 'SendTaskSuccess', { taskToken: 'nonsense' })).toEqual([]);
  });
});

describe('other services', () => {
  test.each<[ServiceName, string, object, string[]]>([
    ['lambda', 'Invoke', { FunctionName: 'Api' }, ['lambda:InvokeFunction on arn:aws:lambda:home:function:Api']],
    [
      'logs',
      'PutLogEvents',
      { logGroupName: 'g', logStreamName: 's' },
      ['logs:PutLogEvents on arn:aws:logs:home:log-group:g:log-stream:s'],
    ],
    [
      'sqs',
      'SendMessageBatch',
      { QueueUrl: 'http://127.0.0.1/000000000000/q' },
      ['sqs:SendMessage on arn:aws:sqs:home:q'],
    ],
    [
      'secretsmanager',
      'GetSecretValue',
      { SecretId: 'tokens' },
      ['secretsmanager:GetSecretValue on arn:aws:secretsmanager:home:secret:tokens-AbCdEf'],
    ],
    ['ssm', 'GetParameter', { Name: '/cdk/version' }, ['ssm:GetParameter on arn:aws:ssm:home:parameter/cdk/version']],
    ['s3', 'ListObjectsV2', { Bucket: 'b' }, ['s3:ListBucket on arn:aws:s3:::b if s3:resourceaccount=000000000000']],
    [
      's3',
      'HeadObject',
      { Bucket: 'b', Key: 'k/x' },
      ['s3:GetObject on arn:aws:s3:::b/k/x if s3:resourceaccount=000000000000'],
    ],
    [
      'route53',
      'ChangeResourceRecordSets',
      {
        HostedZoneId: '/hostedzone/Z1',
        ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: { Name: 'B0.Kafka.', Type: 'A' } }] },
      },
      [
        'route53:ChangeResourceRecordSets on arn:aws:route53:::hostedzone/Z1 if route53:changeresourcerecordsetsactions=UPSERT, route53:changeresourcerecordsetsnormalizedrecordnames=b0.kafka, route53:changeresourcerecordsetsrecordtypes=A',
      ],
    ],
    ['sts', 'GetCallerIdentity', {}, []],
    ['autoscaling', 'DescribeAutoScalingGroups', {}, ['autoscaling:DescribeAutoScalingGroups on *']],
    [
      'cloudformation',
      'CreateChangeSet',
      { StackName: 'W', RoleARN: 'arn:aws:iam::000000000000:role/exec' },
      [
        'cloudformation:CreateChangeSet on arn:aws:cloudformation:home:stack/W/*',
        'iam:PassRole on arn:aws:iam::000000000000:role/exec if iam:passedtoservice=cloudformation.amazonaws.com',
      ],
    ],
  ])('%s %s %j', async (service, operation, input, expected) => {
    expect(await rights(service, operation, input)).toEqual(expected);
  });
});
