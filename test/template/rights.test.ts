import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { spell } from './spell.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

let template: Template;

beforeAll(() => {
  template = synthesize();
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

function statementsOf(roleId: string): readonly Statement[] {
  return resourcesOf(template, 'AWS::IAM::Policy')
    .filter((policy) => policy.Properties.Roles.some((role: { Ref: string }) => role.Ref === roleId))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}

/** `action on resource [if condition]`, one line each, sorted. */
function rightsOf(roleId: string): readonly string[] {
  return statementsOf(roleId)
    .flatMap((statement) =>
      listOf(statement.Action).flatMap((action) =>
        listOf(statement.Resource).map((resource) => {
          const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
            Object.entries(keys).map(
              ([key, expected]) =>
                ` if ${key} ${operator} ${listOf(expected)
                  .map((item) => spell(template, item))
                  .join('|')}`,
            ),
          );
          return `${statement.Effect === 'Allow' ? '' : statement.Effect}${action} on ${spell(template, resource)}${conditions.join('')}`;
        }),
      ),
    )
    .sort();
}

function roleOfFunction(name: string): string {
  const handler = resourcesOf(template, 'AWS::Lambda::Function').find(
    (found) =>
      found.logicalId.startsWith(`Functions${name}`) &&
      /^[0-9A-F]{8}$/.test(found.logicalId.slice(`Functions${name}`.length)),
  );
  return handler?.Properties.Role['Fn::GetAtt'][0];
}

function roleOfMachine(name: string): string {
  const machine = resourcesOf(template, 'AWS::StepFunctions::StateMachine').find(
    (found) => found.Properties.StateMachineName === `Warden-${name}`,
  );
  return machine?.Properties.RoleArn['Fn::GetAtt'][0];
}

const readTable = ['dynamodb:GetItem on <Table>', 'dynamodb:Query on <Table>'];

const writeTable = [
  'dynamodb:ConditionCheckItem on <Table>',
  'dynamodb:DeleteItem on <Table>',
  'dynamodb:PutItem on <Table>',
];

const allMachines = [
  ...['deploy', 'update', 'broker', 'recover', 'replace', 'restart', 'pause', 'reconcile'],
  ...['hibernate', 'resume', 'uninstall'],
];
const answerTokens = allMachines.flatMap((machine) => [
  `states:SendTaskFailure on states stateMachine:Warden-${machine}`,
  `states:SendTaskSuccess on states stateMachine:Warden-${machine}`,
]);

const startMachines = (...machines: readonly string[]) =>
  machines.map((machine) => `states:StartExecution on states stateMachine:Warden-${machine}`);

const lookAtExecutions = [
  'states:DescribeExecution on states execution:Warden-broker:*',
  'states:DescribeExecution on states execution:Warden-deploy:*',
  'states:DescribeExecution on states execution:Warden-reconcile:*',
  'states:DescribeExecution on states execution:Warden-hibernate:*',
  'states:DescribeExecution on states execution:Warden-pause:*',
  'states:DescribeExecution on states execution:Warden-recover:*',
  'states:DescribeExecution on states execution:Warden-replace:*',
  'states:DescribeExecution on states execution:Warden-restart:*',
  'states:DescribeExecution on states execution:Warden-resume:*',
  'states:DescribeExecution on states execution:Warden-uninstall:*',
  'states:DescribeExecution on states execution:Warden-update:*',
];

const describeTasks = 'ecs:DescribeTasks on ecs task/<Cluster>/*';

const readBrokerLogs = 'logs:GetLogEvents on <BrokerLogs>';

const joinVpc = [
  'ec2:AssignPrivateIpAddresses on *',
  'ec2:CreateNetworkInterface on *',
  'ec2:DeleteNetworkInterface on *',
  'ec2:DescribeNetworkInterfaces on *',
  'ec2:DescribeSubnets on *',
  'ec2:UnassignPrivateIpAddresses on *',
];

const writeLog = (name: string) => [`logs:CreateLogStream on <${name}>`, `logs:PutLogEvents on <${name}>`];

const rightsByFunction: Readonly<Record<string, readonly string[]>> = {
  Api: [...readTable, ...writeTable, ...answerTokens, ...startMachines('uninstall', 'update')],
  ApiCommands: [
    ...readTable,
    ...writeTable,
    ...answerTokens,
    ...startMachines(
      'deploy',
      'hibernate',
      'pause',
      'reconcile',
      'recover',
      'replace',
      'restart',
      'resume',
      'uninstall',
      'update',
    ),
    ...lookAtExecutions,
  ],
  ApiDeployment: [
    ...readTable,
    ...writeTable,
    ...startMachines('deploy'),
    'cloudformation:DescribeStacks on <AWS::StackId>',
    'cloudformation:UpdateTerminationProtection on <AWS::StackId>',
  ],
  ApiKafka: [...readTable, ...joinVpc],
  Authorizer: ['secretsmanager:GetSecretValue on <Secret>'],
  Events: [
    ...readTable,
    ...writeTable,
    ...answerTokens,
    ...startMachines(
      'deploy',
      'hibernate',
      'pause',
      'reconcile',
      'recover',
      'replace',
      'restart',
      'resume',
      'uninstall',
      'update',
    ),
    ...lookAtExecutions,
    describeTasks,
    readBrokerLogs,
    'sqs:GetQueueAttributes on <Failed>',
    'sqs:GetQueueUrl on <Failed>',
    'sqs:SendMessage on <Failed>',
  ],
  StepsAws: [
    ...readTable,
    ...writeTable,
    ...answerTokens,
    ...startMachines('recover'),
    ...lookAtExecutions,
    describeTasks,
    'ecs:ListTasks on * if ecs:cluster ArnEquals <Cluster>',
    'ecs:RegisterTaskDefinition on *',
    'ecs:DescribeTaskDefinition on *',
    'ecs:RunTask on ecs task-definition/warden-* if ecs:cluster ArnEquals <Cluster>',
    'ecs:StopTask on ecs task/<Cluster>/*',
    'ecs:TagResource on ecs task/<Cluster>/* if ecs:CreateAction StringEquals RegisterTaskDefinition|RunTask',
    'ecs:TagResource on ecs task-definition/warden-* if ecs:CreateAction StringEquals RegisterTaskDefinition|RunTask',
  ],
  StepsEc2: [
    ...readTable,
    ...writeTable,
    ...answerTokens,
    ...lookAtExecutions,
    describeTasks,
    'ecs:ListTasks on * if ecs:cluster ArnEquals <Cluster>',
    'ecs:ListContainerInstances on <Cluster>',
    'ecs:DescribeContainerInstances on ecs container-instance/<Cluster>/*',
    'ec2:CreateVolume on ec2 volume/* if aws:RequestTag/warden:service Null false',
    'ec2:CreateVolume on arn:<AWS::Partition>:ec2:<AWS::Region>::snapshot/* if aws:ResourceAccount StringEquals <AWS::AccountId>',
    'ec2:CreateTags on ec2 volume/* if ec2:CreateAction StringEquals CreateVolume',
    'ec2:AttachVolume on ec2 volume/* if aws:ResourceTag/warden:service Null false',
    'ec2:DetachVolume on ec2 volume/* if aws:ResourceTag/warden:service Null false',
    'ec2:DeleteVolume on ec2 volume/* if aws:ResourceTag/warden:service Null false',
    'ec2:AttachVolume on ec2 instance/*',
    'ec2:DetachVolume on ec2 instance/*',
    'ec2:TerminateInstances on ec2 instance/* if aws:ResourceTag/aws:autoscaling:groupName StringEquals <Zone1ASG>|<Zone2ASG>|<Zone3ASG>',
    'ec2:DescribeVolumes on *',
    'ec2:DescribeSnapshots on *',
    'ec2:DescribeInstances on *',
    'ec2:DescribeInstanceTypes on *',
  ],
  StepsKafka: [...readTable, ...writeTable, ...joinVpc],
  StepsUpkeep: [
    ...readTable,
    ...writeTable,
    ...answerTokens,
    ...startMachines(
      'deploy',
      'hibernate',
      'pause',
      'reconcile',
      'recover',
      'replace',
      'restart',
      'resume',
      'uninstall',
      'update',
    ),
    ...lookAtExecutions,
    describeTasks,
    readBrokerLogs,
    'ecs:ListTasks on * if ecs:cluster ArnEquals <Cluster>',
    'ecs:DeregisterTaskDefinition on *',
    'ecs:ListTaskDefinitions on *',
    'ecs:StopTask on ecs task/<Cluster>/*',
    'sqs:DeleteMessage on <Undelivered>',
    'sqs:DeleteMessage on <Failed>',
    'sqs:ReceiveMessage on <Undelivered>',
    'sqs:ReceiveMessage on <Failed>',
  ],
};

describe('a function may do what its work needs and nothing else', () => {
  test.each(Object.entries(rightsByFunction))('%s', (name, rights) => {
    expect(rightsOf(roleOfFunction(name))).toEqual([...rights, ...writeLog(`${name}Logs`)].sort());
  });

  test('each function has a role of its own', () => {
    const roles = Object.keys(rightsByFunction).map(roleOfFunction);

    expect(new Set(roles).size).toBe(Object.keys(rightsByFunction).length);
    expect(roles).not.toContain(undefined);
  });
});

const deliverLogsAndTraces = [
  'logs:CreateLogDelivery on *',
  'logs:DeleteLogDelivery on *',
  'logs:DescribeLogGroups on *',
  'logs:DescribeResourcePolicies on *',
  'logs:GetLogDelivery on *',
  'logs:ListLogDeliveries on *',
  'logs:PutResourcePolicy on *',
  'logs:UpdateLogDelivery on *',
  'xray:GetSamplingRules on *',
  'xray:GetSamplingTargets on *',
  'xray:PutTelemetryRecords on *',
  'xray:PutTraceSegments on *',
];

const runBroker = [
  'states:StartExecution on states stateMachine:Warden-broker',
  'states:DescribeExecution on states execution:Warden-broker:*',
  'states:StopExecution on states execution:Warden-broker:*',
  'events:DescribeRule on events rule/StepFunctionsGetEventsForStepFunctionsExecutionRule',
  'events:PutRule on events rule/StepFunctionsGetEventsForStepFunctionsExecutionRule',
  'events:PutTargets on events rule/StepFunctionsGetEventsForStepFunctionsExecutionRule',
];

describe('a machine may call exactly what its definition names', () => {
  test.each([
    ['deploy', runBroker],
    ['update', runBroker],
    ['recover', runBroker],
    ['restart', runBroker],
    ['pause', runBroker],
    ['replace', runBroker],
    ['resume', runBroker],
    ['broker', []],
    ['reconcile', []],
    ['hibernate', []],
    ['uninstall', []],
  ])('%s', (name, beside) => {
    const others = rightsOf(roleOfMachine(name)).filter((right) => !right.startsWith('lambda:InvokeFunction on '));

    expect(others).toEqual([...deliverLogsAndTraces, ...beside].sort());
  });

  test('the broker machine calls all four groups of steps', () => {
    const calls = rightsOf(roleOfMachine('broker')).filter((right) => right.startsWith('lambda:'));

    expect(calls).toEqual([
      'lambda:InvokeFunction on <StepsAws>',
      'lambda:InvokeFunction on <StepsEc2>',
      'lambda:InvokeFunction on <StepsKafka>',
      'lambda:InvokeFunction on <StepsUpkeep>',
    ]);
  });
});

describe('hosts', () => {
  test('serve the ECS agent and write the logs of brokers, no more: in host mode each task can use their role', () => {
    expect(rightsOf(roleOfHosts())).toEqual([
      'ecs:DeregisterContainerInstance on <Cluster>',
      'ecs:DiscoverPollEndpoint on *',
      'ecs:Poll on ecs container-instance/<Cluster>/*',
      'ecs:RegisterContainerInstance on <Cluster>',
      'ecs:StartTelemetrySession on ecs container-instance/<Cluster>/*',
      'ecs:SubmitAttachmentStateChanges on <Cluster>',
      'ecs:SubmitContainerStateChange on <Cluster>',
      'ecs:SubmitTaskStateChange on <Cluster>',
      'ecs:UpdateContainerInstancesState on ecs container-instance/<Cluster>/*',
      'logs:CreateLogStream on <BrokerLogs>',
      'logs:PutLogEvents on <BrokerLogs>',
    ]);
  });
});

function roleOfHosts(): string {
  return resourcesOf(template, 'AWS::IAM::InstanceProfile')[0]?.Properties.Roles[0].Ref;
}

describe('no policy of the stack', () => {
  test('allows an action by a wildcard', () => {
    const wildcards = resourcesOf(template, 'AWS::IAM::Policy')
      .flatMap((policy) => policy.Properties.PolicyDocument.Statement as Statement[])
      .flatMap((statement) => listOf(statement.Action))
      .filter((action) => action.includes('*'));

    expect(wildcards).toEqual([]);
  });

  test('comes from AWS, whose own policies grow', () => {
    const managed = resourcesOf(template, 'AWS::IAM::Role').filter(
      (role) => role.Properties.ManagedPolicyArns !== undefined,
    );

    expect(managed).toEqual([]);
  });
});
