import { beforeAll, describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { spell } from './spell.ts';
import { createStack, type Resource, resourcesOf, synthesize } from './synthesize.ts';

let template: Template;

beforeAll(() => {
  template = synthesize();
});

const only = (type: string): Resource => {
  const [resource, ...others] = resourcesOf(template, type);
  if (resource === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} of ${type}`);
  return resource;
};

describe('the stack', () => {
  test('stays far below what CloudFormation takes', () => {
    expect(Object.keys(template.toJSON()['Resources']).length).toBeLessThanOrEqual(500);
  });

  test('has no more routes than an HTTP API takes', () => {
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').length;

    expect(routes).toBeGreaterThan(20);
    expect(routes).toBeLessThanOrEqual(300);
  });

  test('is protected from being deleted', () => {
    expect(App.of(createStack())?.synth().getStackByName('Warden').terminationProtection).toBe(true);
  });

  test('has no custom resource', () => {
    const types = Object.values(template.toJSON()['Resources'] as Record<string, Resource>).map(({ Type }) => Type);

    expect(types.filter((type) => !type.startsWith('AWS::') || type === 'AWS::CloudFormation::CustomResource')).toEqual(
      [],
    );
  });

  test('tells where the API, the tokens, the cluster, the table and the machines are', () => {
    expect(Object.keys(template.toJSON()['Outputs']).sort()).toEqual([
      'ApiUrl',
      'BrokerMachineArn',
      'ClusterName',
      'DeployMachineArn',
      'HibernateMachineArn',
      'PauseMachineArn',
      'ReconcileMachineArn',
      'RecoverMachineArn',
      'ReplaceMachineArn',
      'RestartMachineArn',
      'ResumeMachineArn',
      'TableName',
      'TokensSecretArn',
      'UninstallMachineArn',
      'UpdateMachineArn',
    ]);
  });

  test('needs no look-up in the account, so a synth writes no cdk.context.json', () => {
    const stack = createStack({ stackProps: { env: { account: '123456789012', region: 'eu-west-1' } } });

    expect(App.of(stack)?.synth().manifest.missing).toBeUndefined();
  });
});

describe('the table', () => {
  test('outlives the stack and cannot be deleted by accident', () => {
    const table = only('AWS::DynamoDB::Table');

    expect(table.DeletionPolicy).toBe('Retain');
    expect(table.Properties.DeletionProtectionEnabled).toBe(true);
    expect(table.Properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  test('has the keys pk and sk, lets go of what has expired, and is paid by use', () => {
    expect(only('AWS::DynamoDB::Table').Properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
    });
  });
});

describe('the tokens', () => {
  test('begin with one generated token named admin', () => {
    expect(only('AWS::SecretsManager::Secret').Properties.GenerateSecretString).toEqual({
      SecretStringTemplate: '{}',
      GenerateStringKey: 'admin',
      ExcludePunctuation: true,
      PasswordLength: 40,
    });
  });
});

describe('logs', () => {
  test('are kept for three months everywhere', () => {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup');

    expect(groups.map((group) => group.Properties.LogGroupName).sort()).toEqual([
      '/aws/vendedlogs/states/Warden/machines',
      '/warden/Warden/api',
      '/warden/Warden/brokers',
      '/warden/Warden/functions/Api',
      '/warden/Warden/functions/ApiCommands',
      '/warden/Warden/functions/ApiDeployment',
      '/warden/Warden/functions/ApiKafka',
      '/warden/Warden/functions/Authorizer',
      '/warden/Warden/functions/Events',
      '/warden/Warden/functions/StepsAws',
      '/warden/Warden/functions/StepsEc2',
      '/warden/Warden/functions/StepsKafka',
      '/warden/Warden/functions/StepsUpkeep',
    ]);
    expect(groups.map((group) => group.Properties.RetentionInDays)).toEqual(groups.map(() => 90));
  });
});

describe('functions', () => {
  const byDescription = (start: string) =>
    resourcesOf(template, 'AWS::Lambda::Function').find(({ Properties }) => Properties.Description.startsWith(start));

  test('run on Node 24 and arm64, each from its own log group', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    const logGroups = functions.map((handler) => handler.Properties.LoggingConfig.LogGroup.Ref);

    expect(functions).toHaveLength(10);
    expect(new Set(logGroups).size).toBe(10);
    for (const handler of functions) {
      expect(handler.Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
    }
  });

  test('of the kafka group stand in the VPC, those of the aws group do not', () => {
    const inVpc = resourcesOf(template, 'AWS::Lambda::Function').filter(({ Properties }) => Properties.VpcConfig);

    expect(inVpc.map(({ Properties }) => Properties.Description).sort()).toEqual([
      'HTTP API: routes that ask Kafka',
      'Steps of the state machines that ask Kafka',
    ]);
    for (const { Properties } of inVpc) expect(Properties.VpcConfig.SubnetIds).toHaveLength(3);
  });

  test.each([
    ['HTTP API: routes that read', 29],
    ['HTTP API: commands', 29],
    ['HTTP API: installs', 29],
    ['HTTP API: routes that ask Kafka', 29],
    ['HTTP API: checks the token', 5],
    ['Takes in what', 15],
    ['Steps of the state machines that call ECS', 15],
    ['Steps of the state machines that call EC2', 30],
    ['Steps of the state machines that ask Kafka', 75],
    ['Steps of the state machines that keep', 15],
  ])('%s … end after %i s', (description, seconds) => {
    expect(byDescription(description)?.Properties.Timeout).toBe(seconds);
  });

  test.each([
    ['HTTP API: routes that read', ['WARDEN_MACHINE_PREFIX', 'WARDEN_TABLE']],
    ['HTTP API: commands', ['WARDEN_MACHINE_PREFIX', 'WARDEN_TABLE']],
    ['HTTP API: installs', ['WARDEN_MACHINE_PREFIX', 'WARDEN_STACK', 'WARDEN_TABLE']],
    ['HTTP API: routes that ask Kafka', ['WARDEN_TABLE']],
    ['HTTP API: checks the token', ['WARDEN_TOKENS_SECRET']],
    ['Takes in what', ['WARDEN_CLUSTER', 'WARDEN_LOG_GROUP', 'WARDEN_MACHINE_PREFIX', 'WARDEN_TABLE']],
    [
      'Steps of the state machines that call ECS',
      ['WARDEN_CLUSTER', 'WARDEN_LOG_GROUP', 'WARDEN_MACHINE_PREFIX', 'WARDEN_TABLE'],
    ],
    ['Steps of the state machines that call EC2', ['WARDEN_CLUSTER', 'WARDEN_MACHINE_PREFIX', 'WARDEN_TABLE']],
    ['Steps of the state machines that ask Kafka', ['WARDEN_TABLE']],
    [
      'Steps of the state machines that keep',
      [
        ...['WARDEN_CLUSTER', 'WARDEN_FAILED_QUEUE', 'WARDEN_LOG_GROUP', 'WARDEN_MACHINE_PREFIX', 'WARDEN_TABLE'],
        'WARDEN_UNDELIVERED_QUEUE',
      ],
    ],
  ])('%s … are told %j', (description, names) => {
    expect(Object.keys(byDescription(description)?.Properties.Environment.Variables).sort()).toEqual(names);
  });
});

describe('queues', () => {
  test('keep for 14 days, encrypted, what got lost', () => {
    const queues = resourcesOf(template, 'AWS::SQS::Queue');

    expect(queues).toHaveLength(2);
    for (const queue of queues) {
      expect(queue.Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    }
  });

  test('take events that no function took, and events that the function failed on', () => {
    const rules = resourcesOf(template, 'AWS::Events::Rule');
    const undelivered = new Set(
      rules.flatMap((rule) => rule.Properties.Targets).map((target) => target.DeadLetterConfig.Arn['Fn::GetAtt'][0]),
    );
    const failed = only('AWS::Lambda::EventInvokeConfig').Properties.DestinationConfig.OnFailure.Destination[
      'Fn::GetAtt'
    ][0];

    expect([...undelivered, failed].sort()).toEqual(
      resourcesOf(template, 'AWS::SQS::Queue')
        .map(({ logicalId }) => logicalId)
        .sort(),
    );
  });
});

describe('event rules', () => {
  test('hear tasks and hosts of this cluster only', () => {
    for (const detailType of ['ECS Task State Change', 'ECS Container Instance State Change']) {
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          source: ['aws.ecs'],
          'detail-type': [detailType],
          detail: { clusterArn: [{ 'Fn::GetAtt': [only('AWS::ECS::Cluster').logicalId, 'Arn'] }] },
        },
      });
    }
  });

  test('hear every end of an execution that works on a service', () => {
    const pattern = resourcesOf(template, 'AWS::Events::Rule')
      .map(({ Properties }) => Properties.EventPattern)
      .find((candidate) => candidate?.source[0] === 'aws.states');

    expect(pattern['detail-type']).toEqual(['Step Functions Execution Status Change']);
    expect(pattern.detail.status).toEqual(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
    expect(pattern.detail.stateMachineArn.map((arn: unknown) => spell(template, arn))).toEqual([
      'states stateMachine:Warden-deploy',
      'states stateMachine:Warden-update',
      'states stateMachine:Warden-broker',
      'states stateMachine:Warden-recover',
      'states stateMachine:Warden-replace',
      'states stateMachine:Warden-restart',
      'states stateMachine:Warden-pause',
      'states stateMachine:Warden-hibernate',
      'states stateMachine:Warden-resume',
      'states stateMachine:Warden-uninstall',
    ]);
  });

  test('hear EC2 instances', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.ec2'], 'detail-type': ['EC2 Instance State-change Notification'] },
    });
  });

  test('start reconcile every five minutes', () => {
    const schedule = resourcesOf(template, 'AWS::Events::Rule').find(({ Properties }) => Properties.ScheduleExpression);

    expect(schedule?.Properties.ScheduleExpression).toBe('rate(5 minutes)');
    expect(schedule?.Properties.Targets[0].Arn.Ref).toMatch(/^Machinesreconcile/);
  });
});
