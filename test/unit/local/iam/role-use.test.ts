import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { readDeniedCalls } from '../../../../local/iam/denied-calls.ts';
import { createIamService } from '../../../../local/iam/service.ts';
import { checkDestinations, checkFunctionRights } from '../../../../local/lambda/check-role.ts';
import { createStepfunctionsService } from '../../../../local/stepfunctions/service.ts';

const PORT = 21047;
const ROLE = 'arn:aws:iam::000000000000:role/Plans';
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';

let folder: string;
let running: RunningCloud;

const iam = (operation: string, input: object) => running.cloud.call('iam', operation, input);
const trust = (condition: object) =>
  iam('UpdateAssumeRolePolicy', {
    RoleName: 'Plans',
    PolicyDocument: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'states.amazonaws.com' },
          Condition: condition,
        },
      ],
    }),
  });
const allow = (Action: string | string[], Resource = '*') =>
  iam('PutRolePolicy', {
    RoleName: 'Plans',
    PolicyName: `P${String(Action).length}`,
    PolicyDocument: JSON.stringify({ Statement: [{ Effect: 'Allow', Action, Resource }] }),
  });
const createMachine = (more: object = {}) =>
  running.cloud.call('sfn', 'CreateStateMachine', {
    name: 'walk',
    roleArn: ROLE,
    definition: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'End', States: { End: { Type: 'Succeed' } } }),
    ...more,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-iam-roles-'));
  running = await createCloud({
    dataFolder: folder,
    optFolder: folder,
    port: PORT,
    services: [createIamService, createStepfunctionsService],
    log: () => undefined,
  });
});

afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  const { Roles } = await iam('ListRoles', {});
  for (const { RoleName } of Roles) {
    const { PolicyNames } = await iam('ListRolePolicies', { RoleName });
    for (const PolicyName of PolicyNames) await iam('DeleteRolePolicy', { RoleName, PolicyName });
    await iam('DeleteRole', { RoleName });
  }
  const AssumeRolePolicyDocument = JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: ['states.amazonaws.com', 'lambda.amazonaws.com'] },
        Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } },
      },
    ],
  });
  await iam('CreateRole', { RoleName: 'Plans', AssumeRolePolicyDocument });
});

describe('a state machine is made', () => {
  test('with a role that trusts Step Functions on behalf of this machine', async () => {
    await trust({ ArnLike: { 'aws:SourceArn': 'arn:aws:states:us-east-1:000000000000:stateMachine:other' } });
    await expect(createMachine()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('is authorized to assume the provided role. (User: states.amazonaws.com is not'),
    });
    await trust({ ArnLike: { 'aws:SourceArn': 'arn:aws:states:us-east-1:000000000000:stateMachine:*' } });
    await expect(createMachine()).resolves.toMatchObject({
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:walk',
    });
  });

  test('with logs only by a role that may deliver them', async () => {
    const logGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:machines:*';
    const logged = {
      name: 'logged',
      loggingConfiguration: { level: 'ERROR', destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] },
    };
    await expect(createMachine(logged)).rejects.toThrow(
      'The state machine IAM Role is not authorized to access the Log Destination. (User: arn:aws:sts::000000000000:assumed-role/Plans/StepFunctions is not authorized to perform: logs:CreateLogDelivery on resource: *',
    );
    await allow(['logs:*LogDeliver*', 'logs:Describe*', 'logs:PutResourcePolicy']);
    await expect(createMachine(logged)).resolves.toBeDefined();
  });

  test('with children that are waited for only by a role that may keep the managed rule', async () => {
    const Child = {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:walk' },
      End: true,
    };
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Child', States: { Child } });
    const parent = { name: 'parent', definition };
    await expect(createMachine(parent)).rejects.toThrow(`'${ROLE}' is not authorized to create managed-rule.`);
    await allow(['events:PutRule', 'events:PutTargets', 'events:DescribeRule'], RULE);
    await expect(createMachine(parent)).resolves.toBeDefined();
  });
});

test('a role that may not send traces is written down, and its execution runs', async () => {
  const { stateMachineArn } = await createMachine({ name: 'traced', tracingConfiguration: { enabled: true } });
  const before = readDeniedCalls(folder).length;
  await running.cloud.call('sfn', 'StartExecution', { stateMachineArn, name: 'one' });
  expect(readDeniedCalls(folder).slice(before)).toMatchObject([{ action: 'xray:GetSamplingRules' }]);
});

describe('a function is made', () => {
  const asked = { role: ROLE, name: 'Steps' };
  const vpc = { subnetIds: ['subnet-1'], securityGroupIds: [] };

  test('in a VPC only with a role that may make network interfaces', async () => {
    await expect(checkFunctionRights(running.cloud, { ...asked, vpc })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(
        /^The provided execution role does not have permissions to call CreateNetworkInterface on EC2 \(You are not authorized/,
      ),
    });
    await allow(['ec2:*NetworkInterface*', 'ec2:DescribeSubnets', 'ec2:*PrivateIpAddresses']);
    await expect(checkFunctionRights(running.cloud, { ...asked, vpc })).resolves.toBeUndefined();
    await expect(checkFunctionRights(running.cloud, asked)).resolves.toBeUndefined();
  });

  test('with a destination only by a role that may send to it', async () => {
    const queue = 'arn:aws:sqs:us-east-1:000000000000:failed';
    await expect(checkDestinations(running.cloud, asked, [undefined, queue])).rejects.toThrow(
      'does not have permissions to call SendMessage on SQS',
    );
    await allow('sqs:SendMessage', queue);
    await expect(checkDestinations(running.cloud, asked, [queue])).resolves.toBeUndefined();
  });
});
