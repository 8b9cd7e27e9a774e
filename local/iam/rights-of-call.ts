import type { Right, ServiceName } from '../core/service.ts';
import { CATALOG } from '../wire/catalog.ts';
import {
  eventsRights,
  iamRights,
  logsRights,
  secretsmanagerRights,
  sqsRights,
  ssmRights,
  stsRights,
} from './rights/by-name.ts';
import type { RightsCall, RightsTable } from './rights/call.ts';
import { cloudformationRights } from './rights/cloudformation.ts';
import { dynamodbRights } from './rights/dynamodb.ts';
import { ec2Rights } from './rights/ec2.ts';
import { ecsRights } from './rights/ecs.ts';
import { lambdaRights } from './rights/lambda.ts';
import { route53Rights } from './rights/route53.ts';
import { s3Rights } from './rights/s3.ts';
import { stepfunctionsRights } from './rights/stepfunctions.ts';

const TABLES: Partial<Readonly<Record<ServiceName, RightsTable>>> = {
  cloudformation: cloudformationRights,
  dynamodb: dynamodbRights,
  ec2: ec2Rights,
  ecs: ecsRights,
  events: eventsRights,
  iam: iamRights,
  lambda: lambdaRights,
  logs: logsRights,
  route53: route53Rights,
  s3: s3Rights,
  secretsmanager: secretsmanagerRights,
  sfn: stepfunctionsRights,
  sqs: sqsRights,
  ssm: ssmRights,
  sts: stsRights,
};

/**
 * All rights that a call needs. An operation that no table knows needs its action of the same name on every resource:
 * stricter than AWS where that action has resources, never laxer.
 */
export async function rightsOfCall(call: RightsCall): Promise<readonly Right[]> {
  const known = await TABLES[call.service]?.(call);
  return known ?? [{ action: `${CATALOG[call.service].signingName}:${call.operation}`, resource: '*' }];
}
