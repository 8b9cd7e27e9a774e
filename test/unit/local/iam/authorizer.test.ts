import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteVolumeCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import type { Caller } from '../../../../local/core/service.ts';
import { createEc2Service } from '../../../../local/ec2/service.ts';
import { readDeniedCalls } from '../../../../local/iam/denied-calls.ts';
import { createIamService } from '../../../../local/iam/service.ts';
import { createSqsService } from '../../../../local/sqs/service.ts';
import { createStsService } from '../../../../local/sts/service.ts';

const PORT = 21045;
const SESSION = 'arn:aws:sts::000000000000:assumed-role/Worker/proof';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const worker: Caller = { accessKeyId: 'k', principalArn: SESSION };

let folder: string;
let running: RunningCloud;

const call = (operation: string, input: object, caller?: Caller) => running.cloud.call('iam', operation, input, caller);
const allow = (statements: object | object[]) =>
  call('PutRolePolicy', {
    RoleName: 'Worker',
    PolicyName: 'Rights',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  });
const getUrl = (caller: Caller = worker) => running.cloud.call('sqs', 'GetQueueUrl', { QueueName: 'jobs' }, caller);
const denied = () => readDeniedCalls(running.cloud.dataFolder);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-iam-authorizer-'));
  running = await createCloud({
    dataFolder: folder,
    optFolder: folder,
    port: PORT,
    services: [createIamService, createStsService, createSqsService, createEc2Service],
    log: () => undefined,
  });
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::000000000000:root' } };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: trust });
  await call('CreateRole', { RoleName: 'Worker', AssumeRolePolicyDocument });
  await running.cloud.call('sqs', 'CreateQueue', { QueueName: 'jobs' });
});

afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

describe('a session of a role', () => {
  test('may do nothing without a policy, is told so in the words of AWS, and the denial is written down', async () => {
    const before = denied().length;
    const sentence = `User: ${SESSION} is not authorized to perform: sqs:GetQueueUrl on resource: ${QUEUE} because no identity-based policy allows the sqs:GetQueueUrl action`;
    await expect(getUrl()).rejects.toMatchObject({ name: 'AccessDeniedException', message: sentence });
    expect(denied().slice(before)).toMatchObject([
      { principalArn: SESSION, action: 'sqs:GetQueueUrl', resource: QUEUE, reason: sentence },
    ]);
  });

  test('may do what an inline policy allows, from the moment it is put until it is taken away', async () => {
    await allow({ Effect: 'Allow', Action: 'sqs:GetQueue*', Resource: QUEUE });
    expect(await getUrl()).toMatchObject({ QueueUrl: `http://127.0.0.1:${PORT}/000000000000/jobs` });
    await call('DeleteRolePolicy', { RoleName: 'Worker', PolicyName: 'Rights' });
    await expect(getUrl()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('may do what an attached policy of AWS or the account allows', async () => {
    const PolicyDocument = JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } });
    const { Policy } = await call('CreatePolicy', { PolicyName: 'Queues', PolicyDocument });
    for (const PolicyArn of [Policy.Arn, 'arn:aws:iam::aws:policy/AdministratorAccess']) {
      await call('AttachRolePolicy', { RoleName: 'Worker', PolicyArn });
      await expect(getUrl()).resolves.toBeDefined();
      await call('DetachRolePolicy', { RoleName: 'Worker', PolicyArn });
      await expect(getUrl()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    }
  });

  test('is denied by an explicit deny, which the refusal names', async () => {
    await allow([
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'sqs:*', Resource: QUEUE },
    ]);
    await expect(getUrl()).rejects.toThrow('with an explicit deny in an identity-based policy');
  });

  test('over the wire is known by its keys; EC2 refuses with an encoded message', async () => {
    await allow({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    const options = { endpoint: `http://127.0.0.1:${PORT}`, region: 'us-east-1' };
    const sts = new STSClient({ ...options, credentials: { accessKeyId: 'operator', secretAccessKey: 'x' } });
    const RoleArn = 'arn:aws:iam::000000000000:role/Worker';
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'proof' }));
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const sqs = new SQSClient({ ...options, credentials });
    const ec2 = new EC2Client({ ...options, credentials });
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'jobs' }))).resolves.toBeDefined();
    await expect(ec2.send(new DeleteVolumeCommand({ VolumeId: 'vol-00000000000000001' }))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      $metadata: { httpStatusCode: 403 },
      message: expect.stringMatching(
        /^You are not authorized to perform this operation\. User: .*ec2:DeleteVolume on resource: arn:aws:ec2:us-east-1:000000000000:volume\/vol-00000000000000001 .*Encoded authorization failure message: [\w-]+$/,
      ),
    });
    for (const client of [sts, sqs, ec2]) client.destroy();
  });

  test('is refused by name where a policy asks for a condition key that is not done', async () => {
    const Condition = { StringEquals: { 'aws:SourceVpc': 'vpc-1' } };
    await allow({ Effect: 'Allow', Action: 'sqs:*', Resource: '*', Condition });
    await expect(getUrl()).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('aws:sourcevpc'),
    });
  });
});

describe('a service of AWS', () => {
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/Tasks';
  const send = async (sourceArn: string) => {
    const { QueueUrl } = await getUrl({ accessKeyId: 'o', principalArn: 'arn:aws:iam::000000000000:root' });
    const events: Caller = { accessKeyId: 'internal', principalArn: 'events.amazonaws.com', sourceArn };
    return running.cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' }, events);
  };

  test('sends to a queue as far as the policy of the queue lets it, for the rule that it names', async () => {
    await expect(send(rule)).rejects.toThrow('because no resource-based policy allows the sqs:SendMessage action');
    const Policy = JSON.stringify({
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'sqs:*',
          Resource: QUEUE,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: QUEUE,
          Condition: { ArnEquals: { 'aws:SourceArn': rule } },
        },
      ],
    });
    const { QueueUrl } = await getUrl({ accessKeyId: 'o', principalArn: 'arn:aws:iam::000000000000:root' });
    await running.cloud.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    await expect(send(rule)).resolves.toBeDefined();
    await expect(send(`${rule}Other`)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('takes only a role that trusts it', async () => {
    const RoleArn = 'arn:aws:iam::000000000000:role/Worker';
    const input = { RoleArn, RoleSessionName: 'proof' };
    const lambda: Caller = { accessKeyId: 'internal', principalArn: 'lambda.amazonaws.com' };
    await expect(running.cloud.call('sts', 'AssumeRole', input, lambda)).rejects.toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
    const PolicyDocument = JSON.stringify({ Statement: [trust] });
    await call('UpdateAssumeRolePolicy', { RoleName: 'Worker', PolicyDocument });
    await expect(running.cloud.call('sts', 'AssumeRole', input, lambda)).resolves.toBeDefined();
  });
});

test('the operator, the root of the account, may do everything', async () => {
  const root: Caller = { accessKeyId: 'operator', principalArn: 'arn:aws:iam::000000000000:root' };
  await expect(getUrl(root)).resolves.toBeDefined();
});
