import { actAsRole } from '../core/act-as-role.ts';
import { AwsError } from '../core/aws-error.ts';
import type { Caller, Cloud, Right } from '../core/service.ts';
import type { StateMachine } from './state-machine.ts';

/** What of a machine decides which rights its role needs before any execution. */
export interface RoleUse extends Pick<StateMachine, 'roleArn' | 'loggingConfiguration' | 'tracingConfiguration'> {
  readonly definition: string;
  readonly stateMachineArn: string;
}

type RoleCloud = Pick<Cloud, 'accountId' | 'authorizer' | 'region'>;

/** Source: Step Functions developer guide, IAM policies for logging to CloudWatch Logs. */
const DELIVERY = [
  'CreateLogDelivery',
  'DeleteLogDelivery',
  'DescribeLogGroups',
  'DescribeResourcePolicies',
  'GetLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'UpdateLogDelivery',
].map((operation): Right => ({ action: `logs:${operation}`, resource: '*' }));

/** Source: Step Functions developer guide, IAM policies for AWS X-Ray. */
const TRACING = ['GetSamplingRules', 'GetSamplingTargets', 'PutTelemetryRecords', 'PutTraceSegments'].map(
  (operation): Right => ({ action: `xray:${operation}`, resource: '*' }),
);

/**
 * Asks, when a machine is made or changed, for what Step Functions then does with its role: take it, set up the delivery
 * of logs, and keep the rule that tells of the ends of children started by `.sync`. Source: Step Functions developer
 * guide, troubleshooting; the words are AWS's, followed by the right that is missing.
 * @throws AwsError AccessDeniedException
 */
export async function checkMachineRole(cloud: RoleCloud, use: RoleUse): Promise<void> {
  const { roleArn, stateMachineArn } = use;
  const unassumable = `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.`;
  const session = {
    service: 'states.amazonaws.com',
    roleArn,
    sessionName: 'StepFunctions',
    sourceArn: stateMachineArn,
  };
  const role = await orDenied(unassumable, () => actAsRole(cloud, session));
  if ((use.loggingConfiguration.level ?? 'OFF') !== 'OFF')
    await orDenied('The state machine IAM Role is not authorized to access the Log Destination.', () =>
      cloud.authorizer.act(role, DELIVERY),
    );
  if (/startExecution\.sync/.test(use.definition))
    await orDenied(`'${roleArn}' is not authorized to create managed-rule.`, () =>
      cloud.authorizer.act(role, managedRule(cloud)),
    );
}

/** Traces go nowhere here; that the role may send them is asked when an execution starts, so that a lack is written down. */
export async function askForTracing(cloud: Pick<Cloud, 'authorizer' | 'log'>, role: Caller): Promise<void> {
  try {
    await cloud.authorizer.act(role, TRACING);
  } catch (error) {
    // As on AWS: the execution runs on, without traces.
    cloud.log(`Step Functions: no traces: ${String(error)}`);
  }
}

function managedRule({ accountId, region }: RoleCloud): Right[] {
  const resource = `arn:aws:events:${region}:${accountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;
  return ['DescribeRule', 'PutRule', 'PutTargets'].map((operation) => ({ action: `events:${operation}`, resource }));
}

async function orDenied<Result>(words: string, ask: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AwsError) || !error.name.startsWith('AccessDenied')) throw error;
    throw new AwsError('AccessDeniedException', `${words} (${error.message})`);
  }
}
