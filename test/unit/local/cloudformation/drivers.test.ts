// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of CloudFormation hold such texts
import { describe, expect, test } from '@jest/globals';
import { openRecorder } from './recording-cloud.ts';
import { newFolder } from './toy-world.ts';

const suffix = expect.stringMatching(/^Shop-Thing-[A-Z0-9]{12}$/);

describe('a Lambda function', () => {
  const active = { State: 'Active', LastUpdateStatus: 'Successful', FunctionArn: 'arn:f' };
  const answers = { 'lambda GetFunctionConfiguration': active };
  const base = {
    Role: 'arn:role',
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: '15',
    Environment: { Variables: { TABLE: 't' } },
    Code: { S3Bucket: 'assets', S3Key: 'one.zip' },
  };

  test('is created with numbers where the template has text, and awaited', async () => {
    const { calls } = await openRecorder(answers).deploy('AWS::Lambda::Function', base);
    const { Timeout: _, ...rest } = base;
    expect(calls).toEqual([
      ['lambda CreateFunction', { FunctionName: suffix, ...rest, Timeout: 15, Tags: {} }],
      ['lambda GetFunctionConfiguration', { FunctionName: suffix }],
    ]);
  });

  test('gets new code in place, and nothing else', async () => {
    const { deploy } = openRecorder(answers);
    await deploy('AWS::Lambda::Function', base);
    const { calls } = await deploy('AWS::Lambda::Function', {
      ...base,
      Code: { S3Bucket: 'assets', S3Key: 'two.zip' },
    });
    expect(calls).toEqual([
      ['lambda UpdateFunctionCode', { FunctionName: suffix, S3Bucket: 'assets', S3Key: 'two.zip' }],
      ['lambda GetFunctionConfiguration', { FunctionName: suffix }],
    ]);
  });

  test('loses an environment that the template takes away', async () => {
    const { deploy } = openRecorder(answers);
    await deploy('AWS::Lambda::Function', base);
    const { Environment: _, ...without } = base;
    const { calls } = await deploy('AWS::Lambda::Function', without);
    expect(calls[0]).toEqual([
      'lambda UpdateFunctionConfiguration',
      {
        FunctionName: suffix,
        Handler: 'index.handler',
        Role: 'arn:role',
        Runtime: 'nodejs24.x',
        Timeout: 15,
        Environment: { Variables: {} },
      },
    ]);
  });

  test('whose code stands in the template is given a zip archive', async () => {
    const { calls } = await openRecorder(answers).deploy('AWS::Lambda::Function', {
      ...base,
      Code: { ZipFile: 'exports.x=1' },
    });
    const [, input] = calls[0] ?? ['', {}];
    const { Code } = input as { Code: { ZipFile: Uint8Array } };
    expect(Buffer.from(Code.ZipFile).subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(Buffer.from(Code.ZipFile).toString('latin1')).toContain('index.jsexports.x=1');
  });

  test('with a property that Lambda lacks fails the stack by its name', async () => {
    const recorder = openRecorder(answers);
    await recorder.deploy('AWS::Lambda::Function', { ...base, VpcConfig: { Colour: 'red' } });
    expect(await recorder.failure()).toBe(
      'Property VpcConfig.Colour of AWS::Lambda::Function is not done by the local cloud: lambda CreateFunction has no such member.',
    );
  });
});

test('a state machine is given its definition with substitutions, and its settings always', async () => {
  const arn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:plans';
  const recorder = openRecorder({
    'sfn DescribeStateMachine': { name: 'plans', revisionId: 'r1' },
    'sfn ListStateMachines': { stateMachines: [] },
  });
  const properties = {
    StateMachineName: 'plans',
    RoleArn: 'arn:role',
    Definition: {
      StartAt: 'A',
      States: { A: { Type: 'Task', Resource: '${Function}', Comment: '${Other}', End: true } },
    },
    DefinitionSubstitutions: { Function: 'arn:"f"' },
    LoggingConfiguration: { Level: 'ALL', Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: 'arn:g:*' } }] },
  };
  const { calls } = await recorder.deploy('AWS::StepFunctions::StateMachine', properties);
  const settings = {
    definition:
      '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:\\"f\\"","Comment":"${Other}","End":true}}}',
    roleArn: 'arn:role',
    loggingConfiguration: { level: 'ALL', destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: 'arn:g:*' } }] },
    tracingConfiguration: { enabled: false },
  };
  expect(calls[0]).toEqual(['sfn CreateStateMachine', { name: 'plans', ...settings, tags: [] }]);
  const changed = await recorder.deploy('AWS::StepFunctions::StateMachine', {
    ...properties,
    LoggingConfiguration: { Level: 'OFF' },
  });
  expect(changed.calls[0]).toEqual([
    'sfn UpdateStateMachine',
    { stateMachineArn: arn, ...settings, loggingConfiguration: { level: 'OFF' } },
  ]);
});

test('a secret is generated into its template, under a token that a repeated call would share', async () => {
  const recorder = openRecorder({
    'secretsmanager GetRandomPassword': { RandomPassword: 'p4ss' },
    'secretsmanager CreateSecret': { ARN: 'arn:secret' },
  });
  const { stack, calls } = await recorder.deploy(
    'AWS::SecretsManager::Secret',
    {
      GenerateSecretString: {
        SecretStringTemplate: '{"user":"admin"}',
        GenerateStringKey: 'password',
        PasswordLength: '32',
      },
    },
    { Outputs: { Arn: { Value: { Ref: 'Thing' } } } },
  );
  expect(calls).toEqual([
    ['secretsmanager GetRandomPassword', { PasswordLength: 32 }],
    [
      'secretsmanager CreateSecret',
      {
        Name: suffix,
        SecretString: '{"user":"admin","password":"p4ss"}',
        Tags: [],
        ClientRequestToken: expect.stringMatching(/^[A-Z0-9]{32}$/),
      },
    ],
  ]);
  expect(stack.Outputs[0].OutputValue).toBe('arn:secret');
});

test('a security group that lists where it may send loses the rule to send anywhere', async () => {
  const recorder = openRecorder({ 'ec2 CreateSecurityGroup': { GroupId: 'sg-1' } });
  const properties = {
    GroupDescription: 'hosts',
    VpcId: 'vpc-1',
    SecurityGroupEgress: [
      { CidrIp: '10.0.0.0/8', IpProtocol: 'tcp', FromPort: 9092, ToPort: '9391', Description: 'kafka' },
    ],
  };
  const { calls } = await recorder.deploy('AWS::EC2::SecurityGroup', properties);
  expect(calls.slice(1)).toEqual([
    [
      'ec2 RevokeSecurityGroupEgress',
      { GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
    ],
    [
      'ec2 AuthorizeSecurityGroupEgress',
      {
        GroupId: 'sg-1',
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 9092,
            ToPort: 9391,
            IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'kafka' }],
          },
        ],
      },
    ],
  ]);
});

test('an Auto Scaling group is sent the sizes that changed, so that others keep what someone else set', async () => {
  const group = { 'autoscaling DescribeAutoScalingGroups': { AutoScalingGroups: [{ AutoScalingGroupARN: 'arn:g' }] } };
  const { deploy } = openRecorder(group);
  const properties = {
    LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' },
    MinSize: '1',
    MaxSize: '3',
    DesiredCapacity: '2',
    VPCZoneIdentifier: ['subnet-1', 'subnet-2'],
  };
  const created = await deploy('AWS::AutoScaling::AutoScalingGroup', properties);
  expect(created.calls[0]?.[1]).toMatchObject({
    MinSize: 1,
    DesiredCapacity: 2,
    VPCZoneIdentifier: 'subnet-1,subnet-2',
  });
  const { calls } = await deploy('AWS::AutoScaling::AutoScalingGroup', { ...properties, MaxSize: '4' });
  expect(calls).toEqual([['autoscaling UpdateAutoScalingGroup', { AutoScalingGroupName: suffix, MaxSize: 4 }]]);
});

test("a task definition is registered in the API's case, and anew when it changes", async () => {
  let revision = 0;
  const recorder = openRecorder({
    'ecs RegisterTaskDefinition': () => {
      revision += 1;
      return { taskDefinition: { taskDefinitionArn: `arn:td:${revision}` } };
    },
  });
  const properties = (image: string) => ({
    Family: 'kafka',
    NetworkMode: 'host',
    ContainerDefinitions: [
      {
        Name: 'broker',
        Image: image,
        Memory: '512',
        LinuxParameters: { InitProcessEnabled: 'true' },
        Environment: [{ Name: 'A', Value: 1 }],
      },
    ],
  });
  const first = await recorder.deploy('AWS::ECS::TaskDefinition', properties('kafka:1'));
  expect(first.calls).toEqual([
    [
      'ecs RegisterTaskDefinition',
      {
        family: 'kafka',
        networkMode: 'host',
        containerDefinitions: [
          {
            name: 'broker',
            image: 'kafka:1',
            memory: 512,
            linuxParameters: { initProcessEnabled: true },
            environment: [{ name: 'A', value: '1' }],
          },
        ],
      },
    ],
  ]);
  const second = await recorder.deploy('AWS::ECS::TaskDefinition', properties('kafka:2'));
  expect(second.calls.map(([name]) => name)).toEqual(['ecs RegisterTaskDefinition', 'ecs DeregisterTaskDefinition']);
  expect(second.calls[1]?.[1]).toEqual({ taskDefinition: 'arn:td:1' });
});

test('a table is awaited, then given what its creation cannot carry', async () => {
  const table = { TableStatus: 'ACTIVE', TableArn: 'arn:table' };
  const recorder = openRecorder({
    'dynamodb DescribeTable': { Table: table },
    'dynamodb ListTables': { TableNames: [] },
  });
  const { calls } = await recorder.deploy('AWS::DynamoDB::Table', {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    SSESpecification: { SSEEnabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  });
  expect(calls.map(([name]) => name)).toEqual([
    'dynamodb CreateTable',
    'dynamodb DescribeTable',
    'dynamodb UpdateContinuousBackups',
    'dynamodb DescribeTimeToLive',
    'dynamodb UpdateTimeToLive',
  ]);
  expect(calls[0]?.[1]).toMatchObject({ TableName: suffix, SSESpecification: { Enabled: true } });
});

test('a queue takes its settings as text, and a removed one as nothing', async () => {
  const recorder = openRecorder({ 'sqs CreateQueue': { QueueUrl: 'http://q' } });
  const created = await recorder.deploy('AWS::SQS::Queue', {
    MessageRetentionPeriod: 1209600,
    SqsManagedSseEnabled: true,
  });
  expect(created.calls).toEqual([
    [
      'sqs CreateQueue',
      { QueueName: suffix, Attributes: { MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: 'true' }, tags: {} },
    ],
  ]);
  const { calls } = await recorder.deploy('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  expect(calls).toEqual([
    [
      'sqs SetQueueAttributes',
      { QueueUrl: 'http://q', Attributes: { SqsManagedSseEnabled: 'true', MessageRetentionPeriod: '' } },
    ],
  ]);
});

test('a role is emptied of policies before it is deleted', async () => {
  const recorder = openRecorder({
    'iam GetRole': { Role: { Arn: 'arn:role', RoleId: 'AROA' } },
    'iam ListAttachedRolePolicies': { AttachedPolicies: [{ PolicyArn: 'arn:p' }] },
    'iam ListRolePolicies': { PolicyNames: ['inline'] },
  });
  await recorder.deploy('AWS::IAM::Role', { RoleName: 'hosts', AssumeRolePolicyDocument: { Version: '2012-10-17' } });
  expect((await recorder.remove()).map(([name]) => name)).toEqual([
    'iam ListAttachedRolePolicies',
    'iam DetachRolePolicy',
    'iam ListRolePolicies',
    'iam DeleteRolePolicy',
    'iam DeleteRole',
  ]);
});

describe('a custom resource', () => {
  /** A function that answers as the CDK's providers do: with a PUT to the address in the event. */
  const answering = (answer: (event: Record<string, unknown>) => object) => ({
    'lambda Invoke': async ({ Payload }: { Payload: Uint8Array }) => {
      const event = JSON.parse(Buffer.from(Payload).toString('utf8'));
      const body = JSON.stringify(answer(event));
      const response = await fetch(event.ResponseURL, { method: 'PUT', body });
      return { StatusCode: response.status === 200 ? 202 : 500 };
    },
  });

  test('is made, changed and deleted by its function, which gets every value as text', async () => {
    const events: Record<string, unknown>[] = [];
    const recorder = openRecorder(
      answering((event) => {
        events.push(event);
        return { Status: 'SUCCESS', PhysicalResourceId: 'made', Data: { Answer: '42' } };
      }),
    );
    const outputs = { Outputs: { Answer: { Value: { 'Fn::GetAtt': ['Thing', 'Answer'] } } } };
    const { stack } = await recorder.deploy('Custom::Answer', { ServiceToken: 'arn:f', Depth: 3, On: true }, outputs);
    expect(stack.Outputs[0].OutputValue).toBe('42');
    await recorder.deploy('Custom::Answer', { ServiceToken: 'arn:f', Depth: 4, On: true }, outputs);
    await recorder.remove();
    await recorder.service.stop?.();
    expect(events.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Update', 'Delete']);
    expect(events[1]).toMatchObject({
      PhysicalResourceId: 'made',
      ResourceType: 'Custom::Answer',
      ResourceProperties: { ServiceToken: 'arn:f', Depth: '4', On: 'true' },
      OldResourceProperties: { ServiceToken: 'arn:f', Depth: '3', On: 'true' },
    });
  });

  test('that answers another id to an update is replaced: the old one is deleted', async () => {
    const events: string[] = [];
    const recorder = openRecorder(
      answering(({ RequestType, PhysicalResourceId, ResourceProperties }) => {
        events.push(`${RequestType} ${PhysicalResourceId ?? '-'}`);
        const { Name } = ResourceProperties as { Name: string };
        return { Status: 'SUCCESS', PhysicalResourceId: RequestType === 'Delete' ? PhysicalResourceId : Name };
      }),
    );
    await recorder.deploy('Custom::Named', { ServiceToken: 'arn:f', Name: 'one' });
    await recorder.deploy('Custom::Named', { ServiceToken: 'arn:f', Name: 'two' });
    await recorder.service.stop?.();
    expect(events).toEqual(['Create -', 'Update one', 'Delete one']);
  });

  test('whose function fails tells its reason', async () => {
    const recorder = openRecorder(answering(() => ({ Status: 'FAILED', Reason: 'no such zone' })));
    const { stack } = await recorder.deploy('Custom::Zone', { ServiceToken: 'arn:f' });
    await recorder.service.stop?.();
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await recorder.failure()).toBe(
      'Received response status [FAILED] from custom resource. Message returned: no such zone',
    );
  });
});

describe('a thing whose service picks the id', () => {
  test('is found again by its tags when the process died before it wrote the id down', async () => {
    const dataFolder = newFolder();
    const template = { Resources: { Thing: { Type: 'AWS::EC2::InternetGateway' } } };
    await new Promise<void>((settle) => {
      const create = () => {
        settle();
        return new Promise(() => {});
      };
      const dying = openRecorder({ 'ec2 CreateInternetGateway': create }, dataFolder);
      void dying.send('CreateStack', { StackName: 'Shop', TemplateBody: JSON.stringify(template) });
    });
    const made = { 'ec2 DescribeInternetGateways': { InternetGateways: [{ InternetGatewayId: 'igw-1' }] } };
    const next = openRecorder(made, dataFolder);
    await next.service.start?.();
    expect((await next.atRest('Shop')).StackStatus).toBe('CREATE_COMPLETE');
    const { StackResources } = await next.send('DescribeStackResources', { StackName: 'Shop' });
    expect(StackResources[0].PhysicalResourceId).toBe('igw-1');
  });
});
