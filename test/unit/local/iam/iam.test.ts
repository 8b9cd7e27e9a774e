import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteConflictException,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  EntityAlreadyExistsException,
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  MalformedPolicyDocumentException,
  NoSuchEntityException,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { createIamService } from '../../../../local/iam/service.ts';
import { createStsService } from '../../../../local/sts/service.ts';

const PORT = 21040;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com', AWS: '000000000000' }, Action: 'sts:AssumeRole' },
  ],
});
const ALLOW = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: ['ecs:RunTask', 'dynamodb:*'], Resource: '*' },
});

let folder: string;
let running: RunningCloud;
const options = { endpoint: `http://127.0.0.1:${PORT}`, region: 'us-east-1' };
const client = new IAMClient({ ...options, credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' } });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-iam-'));
  running = await open();
});

afterAll(async () => {
  client.destroy();
  await running.close();
  rmSync(folder, { recursive: true });
});

function open(): Promise<RunningCloud> {
  const services = [createIamService, createStsService];
  return createCloud({ dataFolder: folder, optFolder: folder, port: PORT, services, log: () => undefined });
}

async function createRole(RoleName: string) {
  const { Role } = await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  return Role;
}

describe('a role', () => {
  test('is created, described, tagged and found under its path', async () => {
    const { Role } = await client.send(
      new CreateRoleCommand({
        RoleName: 'Api',
        Path: '/warden/',
        AssumeRolePolicyDocument: TRUST,
        Description: 'of the API',
        Tags: [{ Key: 'a', Value: '1' }],
      }),
    );
    expect(Role).toMatchObject({ Arn: 'arn:aws:iam::000000000000:role/warden/Api', MaxSessionDuration: 3600 });
    expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    await client.send(new TagRoleCommand({ RoleName: 'Api', Tags: [{ Key: 'b', Value: '2' }] }));
    await client.send(new UntagRoleCommand({ RoleName: 'Api', TagKeys: ['a'] }));
    const got = await client.send(new GetRoleCommand({ RoleName: 'Api' }));
    expect(got.Role).toMatchObject({ Description: 'of the API', Tags: [{ Key: 'b', Value: '2' }] });
    expect(decodeURIComponent(got.Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
    const { Roles } = await client.send(new ListRolesCommand({ PathPrefix: '/warden/' }));
    expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['Api']);
  });

  test('is refused twice, whatever the case of its name', async () => {
    await createRole('Once');
    await expect(createRole('ONCE')).rejects.toBeInstanceOf(EntityAlreadyExistsException);
    await expect(client.send(new GetRoleCommand({ RoleName: 'Never' }))).rejects.toBeInstanceOf(NoSuchEntityException);
  });

  test('keeps inline and attached policies, and is deleted only without them', async () => {
    const RoleName = 'Worker';
    const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await createRole(RoleName);
    await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'Run', PolicyDocument: ALLOW }));
    await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'Run' }));
    expect(decodeURIComponent(PolicyDocument ?? '')).toBe(ALLOW);
    expect((await client.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['Run']);
    expect((await client.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies).toEqual([
      { PolicyArn, PolicyName: 'AWSLambdaBasicExecutionRole' },
    ]);
    const remove = new DeleteRoleCommand({ RoleName });
    await expect(client.send(remove)).rejects.toBeInstanceOf(DeleteConflictException);
    await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'Run' }));
    await expect(client.send(remove)).rejects.toBeInstanceOf(DeleteConflictException);
    await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await client.send(remove);
    await expect(client.send(new GetRoleCommand({ RoleName }))).rejects.toBeInstanceOf(NoSuchEntityException);
  });

  test('goes to instances in a profile that holds one role', async () => {
    await createRole('Host');
    const InstanceProfileName = 'Hosts';
    await client.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    const add = new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'Host' });
    await client.send(add);
    await expect(client.send(add)).rejects.toMatchObject({ name: 'LimitExceededException' });
    const { InstanceProfile } = await client.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    expect(InstanceProfile?.Roles?.map(({ RoleName }) => RoleName)).toEqual(['Host']);
    await expect(client.send(new DeleteRoleCommand({ RoleName: 'Host' }))).rejects.toBeInstanceOf(
      DeleteConflictException,
    );
    await client.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName: 'Host' }));
    await client.send(new DeleteRoleCommand({ RoleName: 'Host' }));
  });

  test('is linked to a service once', async () => {
    const link = new CreateServiceLinkedRoleCommand({ AWSServiceName: 'ecs.amazonaws.com' });
    const { Role } = await client.send(link);
    expect(Role?.Arn).toBe('arn:aws:iam::000000000000:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS');
    await expect(client.send(link)).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  test('is there after a restart', async () => {
    await createRole('Stays');
    await running.close();
    running = await open();
    const { Role } = await client.send(new GetRoleCommand({ RoleName: 'Stays' }));
    expect(Role?.CreateDate).toBeInstanceOf(Date);
  });
});

describe('a policy document', () => {
  const statement = { Effect: 'Allow', Action: 'ecs:RunTask', Resource: '*' };
  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['an unknown version', JSON.stringify({ Version: '2020-01-01', Statement: statement })],
    ['an unknown element', JSON.stringify({ Statements: [statement] })],
    ['no statement', JSON.stringify({ Statement: [] })],
    ['an unknown effect', JSON.stringify({ Statement: { ...statement, Effect: 'Maybe' } })],
    ['both actions and their opposite', JSON.stringify({ Statement: { ...statement, NotAction: 'ecs:*' } })],
    ['no resource', JSON.stringify({ Statement: { Effect: 'Allow', Action: '*' } })],
    ['a principal', JSON.stringify({ Statement: { ...statement, Principal: '*' } })],
    ['an action without a service', JSON.stringify({ Statement: { ...statement, Action: 'RunTask' } })],
    ['a resource that is no ARN', JSON.stringify({ Statement: { ...statement, Resource: 'my-table' } })],
    ['a condition without keys', JSON.stringify({ Statement: { ...statement, Condition: { StringEquals: 'x' } } })],
  ])('with %s is refused', async (_title, PolicyDocument) => {
    await client
      .send(new CreateRoleCommand({ RoleName: 'Judged', AssumeRolePolicyDocument: TRUST }))
      .catch((error: unknown) => {
        // The role serves all cases of this table.
        if (!(error instanceof EntityAlreadyExistsException)) throw error;
      });
    const put = new PutRolePolicyCommand({ RoleName: 'Judged', PolicyName: 'p', PolicyDocument });
    await expect(client.send(put)).rejects.toBeInstanceOf(MalformedPolicyDocumentException);
  });
});

describe('a managed policy', () => {
  test('has versions, of which one is the default', async () => {
    const { Policy } = await client.send(new CreatePolicyCommand({ PolicyName: 'P', PolicyDocument: ALLOW }));
    const PolicyArn = Policy?.Arn;
    expect(PolicyArn).toBe('arn:aws:iam::000000000000:policy/P');
    const changed = ALLOW.replace('Allow', 'Deny');
    const version = new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: changed, SetAsDefault: true });
    expect((await client.send(version)).PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
    expect((await client.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe('v2');
    const got = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    expect(decodeURIComponent(got.PolicyVersion?.Document ?? '')).toBe(changed);
    await expect(client.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toBeInstanceOf(DeleteConflictException);
  });
});

describe('STS', () => {
  const sts = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    new STSClient({ ...options, credentials });
  const operator = sts({ accessKeyId: 'anything', secretAccessKey: 'secret' });

  test('takes an unknown key for the operator', async () => {
    expect(await operator.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:root',
      UserId: '000000000000',
    });
  });

  test('knows the sessions of a role by the keys that it issued, also after a restart', async () => {
    const role = await createRole('Session');
    const { Credentials } = await operator.send(
      new AssumeRoleCommand({ RoleArn: role?.Arn, RoleSessionName: 'me', DurationSeconds: 900 }),
    );
    await running.close();
    running = await open();
    const session = sts({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    });
    expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: 'arn:aws:sts::000000000000:assumed-role/Session/me',
      UserId: `${role?.RoleId}:me`,
    });
    session.destroy();
  });

  test('refuses a role that is absent and a session that is misnamed', async () => {
    const RoleArn = 'arn:aws:iam::000000000000:role/Absent';
    await expect(operator.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    await createRole('Strict');
    const misnamed = new AssumeRoleCommand({ RoleArn: RoleArn.replace('Absent', 'Strict'), RoleSessionName: 'a b' });
    await expect(operator.send(misnamed)).rejects.toMatchObject({ name: 'ValidationError' });
    operator.destroy();
  });
});
