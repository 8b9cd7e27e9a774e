import { sessionArn } from '../core/act-as-role.ts';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Right } from '../core/service.ts';
import { invalidParameter } from './function-config.ts';
import type { FunctionRecord } from './function-record.ts';

/** Source: Lambda developer guide, permissions of the execution role for a function in a VPC. */
const NETWORK = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
];

/**
 * Asks for what Lambda itself does with a function's role when the function is made or changed: join the VPC, and send
 * to queues. @throws AwsError InvalidParameterValueException in AWS's words, followed by the right that is missing
 */
export async function checkFunctionRights(
  cloud: Pick<Cloud, 'authorizer'>,
  asked: Pick<FunctionRecord, 'role' | 'vpc' | 'deadLetterArn'> & { readonly name: string },
): Promise<void> {
  const { deadLetterArn, vpc } = asked;
  if (vpc !== undefined && vpc.subnetIds.length > 0)
    for (const operation of NETWORK) await ask(cloud, asked, { action: `ec2:${operation}`, resource: '*' });
  if (deadLetterArn !== undefined) await ask(cloud, asked, { action: 'sqs:SendMessage', resource: deadLetterArn });
}

/** Source: Lambda developer guide, destinations: the role needs sqs:SendMessage. */
export async function checkDestinations(
  cloud: Pick<Cloud, 'authorizer'>,
  record: Pick<FunctionRecord, 'role' | 'name'>,
  queueArns: readonly (string | undefined)[],
): Promise<void> {
  for (const resource of queueArns)
    if (resource !== undefined) await ask(cloud, record, { action: 'sqs:SendMessage', resource });
}

async function ask(
  cloud: Pick<Cloud, 'authorizer'>,
  { role, name }: { readonly role: string; readonly name: string },
  right: Right,
): Promise<void> {
  try {
    await cloud.authorizer.act({ accessKeyId: 'internal', principalArn: sessionArn(role, name) }, [right]);
  } catch (error) {
    if (!(error instanceof AwsError) || error.status >= 500) throw error;
    const [service = '', operation = ''] = right.action.split(':');
    throw invalidParameter(
      `The provided execution role does not have permissions to call ${operation} on ${service.toUpperCase()} (${error.message})`,
    );
  }
}
