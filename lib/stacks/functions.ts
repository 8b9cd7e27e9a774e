import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, type FunctionProps, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type ActedOn, functionRights } from './function-rights.ts';
import { type EnvironmentName, type FunctionName, type FunctionSpec, functionTable } from './function-table.ts';
import { createLogGroup } from './log-group.ts';

/** Props of Functions. */
export interface FunctionsProps {
  /** Folder of the bundles: `<folder>/<function>/index.mjs`. */
  readonly bundles: string;
  readonly actedOn: ActedOn;
  readonly network: {
    readonly vpc: IVpc;
    readonly subnets: readonly ISubnet[];
    readonly functionSecurityGroup: ISecurityGroup;
  };
  /** What the ARN of each state machine begins with. */
  readonly machineArnPrefix: string;
}

/** All Lambda functions of the table, each with its own role and its own log group. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<FunctionName, LambdaFunction>>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const entries = functionTable.map((spec) => [spec.name, this.createFunction(spec, props)]);
    // The table names every function exactly once; a template test holds it to that.
    this.byName = Object.fromEntries(entries) as Record<FunctionName, LambdaFunction>;
  }

  private createFunction(spec: FunctionSpec, props: FunctionsProps): LambdaFunction {
    const logGroup = createLogGroup(this, `${spec.name}Logs`, { name: `functions/${spec.name}` });
    const role = this.createRole(spec, props);
    logGroup.grantWrite(role);
    return new LambdaFunction(this, spec.name, {
      description: spec.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(props.bundles, spec.name)),
      timeout: Duration.seconds(spec.timeoutSeconds),
      memorySize: spec.memoryMiB,
      environment: environmentOf(spec, props),
      role,
      logGroup,
      ...vpcPlaceOf(spec, props),
    });
  }

  private createRole(spec: FunctionSpec, props: FunctionsProps): Role {
    const role = new Role(this, `${spec.name}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Function ${spec.name} of Warden`,
    });
    for (const statement of functionRights(spec.name, props.actedOn)) role.addToPolicy(statement);
    if (spec.group === 'kafka') role.addToPolicy(joinVpc());
    return role;
  }
}

function environmentOf(spec: FunctionSpec, props: FunctionsProps): Record<string, string> {
  const { table, cluster, brokerLogs, tokens, deadLetters, zone } = props.actedOn;
  const all: Readonly<Record<EnvironmentName, string | undefined>> = {
    WARDEN_TABLE: table.tableName,
    WARDEN_CLUSTER: cluster.clusterArn,
    WARDEN_LOG_GROUP: brokerLogs.logGroupName,
    WARDEN_MACHINE_PREFIX: props.machineArnPrefix,
    WARDEN_TOKENS_SECRET: tokens.secretArn,
    WARDEN_STACK: Stack.of(table).stackId,
    WARDEN_UNDELIVERED_QUEUE: deadLetters.undelivered.queueUrl,
    WARDEN_FAILED_QUEUE: deadLetters.failed.queueUrl,
    WARDEN_ZONE: zone?.zoneName,
    WARDEN_HOSTED_ZONE: zone?.hostedZone.hostedZoneId,
  };
  return Object.fromEntries(
    spec.environment.flatMap((name) => {
      const value = all[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function vpcPlaceOf(spec: FunctionSpec, { network }: FunctionsProps): Partial<FunctionProps> {
  if (spec.group === 'aws') return {};
  return {
    vpc: network.vpc,
    vpcSubnets: { subnets: [...network.subnets] },
    securityGroups: [network.functionSecurityGroup],
    // No public address, hence no internet: exactly what these functions are to have.
    allowPublicSubnet: true,
  };
}

/**
 * Lambda makes the network interfaces of a function with the function's own role, before any of them has an id.
 * Source: Lambda developer guide, permissions for a function in a VPC.
 */
function joinVpc(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
