import { type Stack, Validations } from 'aws-cdk-lib';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import { executionArns, machineNames } from './machine-table.ts';

/** One finding that is right as it is, and why. */
interface AcknowledgedFinding {
  /** Path of the construct below the stack; everything beneath it is meant too. Empty = the whole stack. */
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

/** Every finding of cdk-nag and of CDK's own validation that we live with. An error that is not here fails the synth. */
export function acknowledgeFindings(stack: Stack, cluster: Cluster): void {
  for (const { path, rule, reason } of [...findings, ...scopedWildcards(stack, cluster)]) {
    const construct = constructAt(stack, path);
    if (construct !== undefined) Validations.of(construct).acknowledge({ id: rule, reason });
  }
}

const noResourceLevel = (actions: string) => `AWS has no resource level for ${actions}`;

const joiningVpc = noResourceLevel(
  'what Lambda does with this role to place the function into the VPC; from within the VPC the function reaches no EC2 API',
);

const machineDelivery = noResourceLevel(
  'the delivery of logs and X-Ray traces, all that this role may do on every resource',
);

const findings: readonly AcknowledgedFinding[] = [
  {
    path: 'Tokens/Secret',
    rule: 'AwsSolutions-SMG4',
    reason: 'Clients hold these tokens: an operator adds a new one, moves the clients over and removes the old one',
  },
  {
    path: 'Network/Vpc',
    rule: 'AwsSolutions-VPC7',
    reason:
      'Flow logs are paid by volume, which for Kafka is all of its data; an owner who needs them adds them to the VPC',
  },
  {
    path: 'Network/Vpc',
    rule: 'CloudFormation-Validate::W3010',
    reason: 'Zones stand in the template only when warden:zones names them, so that volumes and hosts never part',
  },
  {
    path: 'Hosts/Cluster',
    rule: 'AwsSolutions-ECS4',
    reason: 'Container Insights is paid per task and metric; Kafka itself is the better witness of its health',
  },
  {
    path: 'Hosts',
    rule: 'AwsSolutions-AS3',
    reason: 'The groups never scale; hosts that come and go are told by the events of EC2 and ECS',
  },
  {
    path: 'Api/HttpApi/GET--openapi.json',
    rule: 'AwsSolutions-APIG4',
    reason: 'The description of the API is public, as its source is: it tells nothing of the services that live here',
  },
  {
    path: 'Machines',
    rule: 'AwsSolutions-SF1',
    reason: 'The history of every execution is kept by Step Functions for 90 days; only errors are worth a second copy',
  },
  {
    path: 'DeadLetters/Undelivered',
    rule: 'AwsSolutions-SQS3',
    reason: 'It is the dead-letter queue of the event rules, which name it as their target and not by a redrive policy',
  },
  {
    path: 'DeadLetters/Failed',
    rule: 'AwsSolutions-SQS3',
    reason:
      'It is the on-failure destination of the function: reconcile alone takes letters out of it, and leaves there what it cannot take up',
  },
  { path: 'Hosts/Role', rule: 'AwsSolutions-IAM5[Resource::*]', reason: noResourceLevel('ecs:DiscoverPollEndpoint') },
  {
    path: 'Functions/StepsAwsRole',
    rule: 'AwsSolutions-IAM5[Resource::*]',
    reason: `${noResourceLevel('registering and describing task definitions')}; ecs:ListTasks is bound to the cluster by a condition`,
  },
  {
    path: 'Functions/StepsUpkeepRole',
    rule: 'AwsSolutions-IAM5[Resource::*]',
    reason: `${noResourceLevel('deregistering and listing task definitions')}; ecs:ListTasks is bound to the cluster by a condition`,
  },
  {
    path: 'Functions/StepsEc2Role',
    rule: 'AwsSolutions-IAM5[Resource::*]',
    reason: `${noResourceLevel("EC2's Describe calls")}; ecs:ListTasks is bound to the cluster by a condition`,
  },
  { path: 'Functions/ApiKafkaRole', rule: 'AwsSolutions-IAM5[Resource::*]', reason: joiningVpc },
  { path: 'Functions/StepsKafkaRole', rule: 'AwsSolutions-IAM5[Resource::*]', reason: joiningVpc },
  ...machineNames.map((machine) => ({
    path: `Machines/${machine}/Role`,
    rule: 'AwsSolutions-IAM5[Resource::*]',
    reason: machineDelivery,
  })),
];

/** Resources that get their ids while the system runs: no policy can list them one by one. */
function scopedWildcards(stack: Stack, cluster: Cluster): readonly AcknowledgedFinding[] {
  const arn = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName });
  const wildcards = [
    {
      arn: stack.formatArn({ service: 'route53', region: '', account: '', resource: 'change', resourceName: '*' }),
      reason: 'Changes of names get their ids when they are made; whoever knows one may only ask how far it is',
    },
    ...machineNames.map((machine) => ({
      arn: executionArns(stack, machine),
      reason: 'Executions of one machine of this stack',
    })),
    { arn: arn('ecs', 'task', `${cluster.clusterName}/*`), reason: 'Tasks of the cluster of this stack' },
    {
      arn: arn('ecs', 'container-instance', `${cluster.clusterName}/*`),
      reason: 'Hosts of the cluster of this stack',
    },
    { arn: arn('ecs', 'task-definition', 'warden-*'), reason: 'Task definitions of Kafka nodes, one family per node' },
    { arn: arn('ec2', 'volume', '*'), reason: 'Only volumes with the tag warden:service, by a condition' },
    {
      arn: stack.formatArn({ service: 'ec2', account: '', resource: 'snapshot', resourceName: '*' }),
      reason: 'A volume may be made of any snapshot of the own account, by a condition',
    },
    {
      arn: arn('ec2', 'instance', '*'),
      reason: 'Attaching and detaching also needs a volume with the tag warden:service',
    },
  ];
  return wildcards.map((wildcard) => ({
    path: '',
    rule: `AwsSolutions-IAM5[Resource::${asFindingSpellsIt(stack, wildcard.arn)}]`,
    reason: wildcard.reason,
  }));
}

/** A finding spells a reference as `<LogicalId>`, in the middle of the text. */
function asFindingSpellsIt(stack: Stack, arn: string): string {
  const resolved: unknown = stack.resolve(arn);
  if (typeof resolved === 'string') return resolved;
  const parts = (resolved as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'][1];
  return parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}

/** Undefined: this stack has no such construct, hence no such finding. */
function constructAt(stack: Stack, path: string): IConstruct | undefined {
  const ids = path.split('/').filter((id) => id !== '');
  return ids.reduce<IConstruct | undefined>((parent, id) => parent?.node.tryFindChild(id), stack);
}
