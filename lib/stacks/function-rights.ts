import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { DeadLetters } from './dead-letters.ts';
import type { FunctionName } from './function-table.ts';
import { executionArns, type MachineName, machineArn, machineNames } from './machine-table.ts';
import type { Zone } from './zone.ts';

/** What the functions act on. */
export interface ActedOn {
  readonly table: Table;
  readonly cluster: Cluster;
  /** What the Kafka processes write. */
  readonly brokerLogs: LogGroup;
  /** Names of the Auto Scaling groups of the hosts. */
  readonly hostGroups: readonly string[];
  readonly tokens: Secret;
  readonly deadLetters: DeadLetters;
  /** Only in a deployment with a private zone. */
  readonly zone: Zone | undefined;
}

/** Whoever accepts a plan, or goes on with one, starts its machine. */
const planMachines = ['deploy', 'update', 'hibernate', 'resume', 'uninstall'] as const;

/** Which calls of AWS a function may make, by name; nothing else of its role allows any but to write its log. */
export function functionRights(name: FunctionName, on: ActedOn): readonly PolicyStatement[] {
  const stack = Stack.of(on.table);
  switch (name) {
    case 'Api':
      return [readTable(on), writeTable(on), startMachines(stack, ['update', 'uninstall']), answerTokens(stack)];
    case 'ApiCommands':
      return [
        readTable(on),
        writeTable(on),
        startMachines(stack, [...planMachines, 'recover', 'replace', 'restart', 'pause', 'reconcile']),
        lookAtExecutions(stack),
        answerTokens(stack),
      ];
    case 'ApiDeployment':
      return [readTable(on), writeTable(on), startMachines(stack, ['deploy']), steerProtection(stack)];
    case 'ApiKafka':
      return [readTable(on)];
    case 'Authorizer':
      return [allow(['secretsmanager:GetSecretValue'], [on.tokens.secretArn])];
    case 'Events':
      return [
        readTable(on),
        writeTable(on),
        describeTasks(on.cluster),
        readBrokerLogs(on),
        startMachines(stack, [...planMachines, 'recover', 'replace', 'restart', 'pause', 'reconcile']),
        lookAtExecutions(stack),
        answerTokens(stack),
      ];
    case 'StepsAws':
    case 'StepsEc2':
    case 'StepsKafka':
    case 'StepsUpkeep':
      return stepRights(name, on);
  }
}

type StepFunctionName = Extract<FunctionName, `Steps${string}`>;

function stepRights(name: StepFunctionName, on: ActedOn): readonly PolicyStatement[] {
  const stack = Stack.of(on.table);
  switch (name) {
    case 'StepsAws':
      return [
        readTable(on),
        writeTable(on),
        describeTasks(on.cluster),
        ...runTasks(on.cluster),
        startMachines(stack, ['recover']),
        lookAtExecutions(stack),
        answerTokens(stack),
      ];
    case 'StepsEc2':
      return [
        readTable(on),
        writeTable(on),
        allow(['ecs:ListContainerInstances'], [on.cluster.clusterArn]),
        describeHosts(on.cluster),
        describeTasks(on.cluster),
        listTasks(on.cluster),
        lookAtExecutions(stack),
        ...ownVolumes(stack),
        endHosts(stack, on.hostGroups),
        answerTokens(stack),
      ];
    case 'StepsKafka':
      return [readTable(on), writeTable(on)];
    case 'StepsUpkeep':
      return [
        readTable(on),
        writeTable(on),
        describeTasks(on.cluster),
        listTasks(on.cluster),
        stopTasks(on.cluster),
        // ECS knows no resource level for these two.
        allow(['ecs:DeregisterTaskDefinition', 'ecs:ListTaskDefinitions'], ['*']),
        readBrokerLogs(on),
        ...(on.zone === undefined ? [] : publishNames(on.zone)),
        startMachines(
          stack,
          machineNames.filter((machine) => machine !== 'broker'),
        ),
        lookAtExecutions(stack),
        answerTokens(stack),
        drainDeadLetters(on.deadLetters),
      ];
  }
}

function readTable({ table }: ActedOn): PolicyStatement {
  return allow(['dynamodb:GetItem', 'dynamodb:Query'], [table.tableArn]);
}

/** Transactions are authorized by the actions of their parts. */
function writeTable({ table }: ActedOn): PolicyStatement {
  return allow(['dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem'], [table.tableArn]);
}

function drainDeadLetters({ undelivered, failed }: DeadLetters): PolicyStatement {
  return allow(['sqs:DeleteMessage', 'sqs:ReceiveMessage'], [undelivered.queueArn, failed.queueArn]);
}

/** On this very stack, by its whole ARN: no other one can be meant. */
function steerProtection(stack: Stack): PolicyStatement {
  return allow(['cloudformation:DescribeStacks', 'cloudformation:UpdateTerminationProtection'], [stack.stackId]);
}

function startMachines(stack: Stack, startable: readonly MachineName[]): PolicyStatement {
  return allow(
    ['states:StartExecution'],
    startable.map((machine) => machineArn(stack, machine)),
  );
}

/** Whether who holds a lease, and a run of a plan or a recovery, still acts. */
function lookAtExecutions(stack: Stack): PolicyStatement {
  return allow(
    ['states:DescribeExecution'],
    machineNames.map((machine) => executionArns(stack, machine)),
  );
}

/** A token's resource is the machine that waits with it. */
function answerTokens(stack: Stack): PolicyStatement {
  return allow(
    ['states:SendTaskFailure', 'states:SendTaskSuccess'],
    machineNames.map((machine) => machineArn(stack, machine)),
  );
}

function describeTasks(cluster: Cluster): PolicyStatement {
  return allow(['ecs:DescribeTasks'], [clusterResource(cluster, 'task')]);
}

/** ListTasks by family or startedBy names no container instance: only the cluster can be pinned down. */
function listTasks(cluster: Cluster): PolicyStatement {
  return allow(['ecs:ListTasks'], ['*'], inCluster(cluster));
}

/** Why a process ended without being asked to is in its log. The ARN covers the group's streams. */
function readBrokerLogs({ brokerLogs }: ActedOn): PolicyStatement {
  return allow(['logs:GetLogEvents'], [brokerLogs.logGroupArn]);
}

function stopTasks(cluster: Cluster): PolicyStatement {
  return allow(['ecs:StopTask'], [clusterResource(cluster, 'task')]);
}

function runTasks(cluster: Cluster): readonly PolicyStatement[] {
  const taskDefinitions = Stack.of(cluster).formatArn({
    service: 'ecs',
    resource: 'task-definition',
    resourceName: 'warden-*',
  });
  const tasks = clusterResource(cluster, 'task');
  return [
    // ECS knows no resource level for these two.
    allow(['ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition'], ['*']),
    listTasks(cluster),
    allow(['ecs:RunTask'], [taskDefinitions], inCluster(cluster)),
    stopTasks(cluster),
    allow(['ecs:TagResource'], [tasks, taskDefinitions], {
      StringEquals: { 'ecs:CreateAction': ['RegisterTaskDefinition', 'RunTask'] },
    }),
  ];
}

/** Addresses only: other records of a zone that is not ours alone stay as they are. */
function publishNames({ hostedZone }: Zone): readonly PolicyStatement[] {
  const change = Stack.of(hostedZone).formatArn({
    service: 'route53',
    region: '',
    account: '',
    resource: 'change',
    resourceName: '*',
  });
  return [
    allow(['route53:ChangeResourceRecordSets'], [hostedZone.hostedZoneArn], {
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsActions': ['DELETE', 'UPSERT'],
        'route53:ChangeResourceRecordSetsRecordTypes': ['A'],
      },
    }),
    allow(['route53:ListResourceRecordSets'], [hostedZone.hostedZoneArn]),
    allow(['route53:GetChange'], [change]),
  ];
}

function describeHosts(cluster: Cluster): PolicyStatement {
  return allow(['ecs:DescribeContainerInstances'], [clusterResource(cluster, 'container-instance')]);
}

/** Auto Scaling tags its instances; no other instance of the account can be ended. Source: Auto Scaling user guide, tags. */
function endHosts(stack: Stack, hostGroups: readonly string[]): PolicyStatement {
  const instances = stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
  return allow(['ec2:TerminateInstances'], [instances], {
    StringEquals: { 'aws:ResourceTag/aws:autoscaling:groupName': [...hostGroups] },
  });
}

/** Volumes carry the tag `warden:service` from birth; no other volume of the account can be touched. */
function ownVolumes(stack: Stack): readonly PolicyStatement[] {
  const volumes = stack.formatArn({ service: 'ec2', resource: 'volume', resourceName: '*' });
  const instances = stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
  const snapshots = stack.formatArn({ service: 'ec2', account: '', resource: 'snapshot', resourceName: '*' });
  return [
    allow(['ec2:CreateVolume'], [volumes], { Null: { 'aws:RequestTag/warden:service': 'false' } }),
    // A snapshot of ours was made by whoever backs volumes up, with tags of his own; those of other accounts are out.
    allow(['ec2:CreateVolume'], [snapshots], { StringEquals: { 'aws:ResourceAccount': stack.account } }),
    allow(['ec2:CreateTags'], [volumes], { StringEquals: { 'ec2:CreateAction': 'CreateVolume' } }),
    allow(['ec2:AttachVolume', 'ec2:DeleteVolume', 'ec2:DetachVolume'], [volumes], {
      Null: { 'aws:ResourceTag/warden:service': 'false' },
    }),
    allow(['ec2:AttachVolume', 'ec2:DetachVolume'], [instances]),
    // EC2 knows no resource level for Describe calls.
    allow(
      ['ec2:DescribeInstances', 'ec2:DescribeInstanceTypes', 'ec2:DescribeSnapshots', 'ec2:DescribeVolumes'],
      ['*'],
    ),
  ];
}

function clusterResource(cluster: Cluster, resource: 'task' | 'container-instance'): string {
  return Stack.of(cluster).formatArn({ service: 'ecs', resource, resourceName: `${cluster.clusterName}/*` });
}

function inCluster(cluster: Cluster): Conditions {
  return { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;

function allow(actions: string[], resources: string[], conditions?: Conditions): PolicyStatement {
  return new PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) });
}
