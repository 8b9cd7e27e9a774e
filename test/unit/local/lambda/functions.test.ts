import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLambdaService } from '../../../../local/lambda/service.ts';
import { createFunction, newFolder, ROLE, removeFolder, type SmallCloud, startSmallCloud } from './small-cloud.ts';
import { zip } from './zip.ts';

const CODE = 'export const handler = async () => 1;';
const folder = newFolder();
let small: SmallCloud;
// biome-ignore lint/suspicious/noExplicitAny: the answers are checked member by member below
let call: (operation: string, input: object) => Promise<any>;

beforeAll(async () => {
  small = await startSmallCloud({ folder, port: 21_401, services: [createLambdaService] });
  call = (operation, input) => small.cloud.call('lambda', operation, input);
});

afterAll(async () => {
  await small.close();
  removeFolder(folder);
});

describe('a function', () => {
  test('is described as it was made', async () => {
    const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
    await createFunction(small.cloud, 'made', {
      code: CODE,
      MemorySize: 256,
      Timeout: 15,
      Environment: { Variables: { TABLE: 't' } },
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      VpcConfig,
      Tags: { a: 'b' },
    });
    const { Configuration, Tags } = await call('GetFunction', { FunctionName: 'made' });
    expect(Configuration).toMatchObject({
      FunctionName: 'made',
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:made',
      Runtime: 'nodejs24.x',
      Role: ROLE,
      Handler: 'index.handler',
      MemorySize: 256,
      Timeout: 15,
      Environment: { Variables: { TABLE: 't' } },
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      VpcConfig,
      State: 'Active',
      LastUpdateStatus: 'Successful',
      Version: '$LATEST',
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/made' },
    });
    expect(Configuration.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(Tags).toEqual({ a: 'b' });
  });

  test('keeps on an update what the update leaves out', async () => {
    await createFunction(small.cloud, 'kept', { code: CODE, MemorySize: 512, Timeout: 9 });
    const updated = await call('UpdateFunctionConfiguration', { FunctionName: 'kept', Timeout: 10 });
    expect(updated).toMatchObject({ MemorySize: 512, Timeout: 10, Handler: 'index.handler' });
  });

  test('is not made twice, and is gone after it was deleted', async () => {
    await createFunction(small.cloud, 'twice', { code: CODE });
    await expect(createFunction(small.cloud, 'twice', { code: CODE })).rejects.toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
    });
    await call('DeleteFunction', { FunctionName: 'twice' });
    await expect(call('GetFunction', { FunctionName: 'twice' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
  });

  test('is guarded against an update over one that its author did not see', async () => {
    await createFunction(small.cloud, 'guarded', { code: CODE });
    const change = { FunctionName: 'guarded', ZipFile: zip({ 'index.mjs': 'x' }), RevisionId: 'older' };
    await expect(call('UpdateFunctionCode', change)).rejects.toMatchObject({
      name: 'PreconditionFailedException',
      status: 412,
    });
  });

  test.each([
    ['another runtime', { Runtime: 'nodejs22.x' }, /nodejs22\.x: the local cloud runs nodejs24\.x only/],
    ['a layer', { Layers: ['arn:aws:lambda:us-east-1:1:layer:l:1'] }, /Layers/],
    ['a file system', { FileSystemConfigs: [{ Arn: 'a', LocalMountPath: '/mnt/a' }] }, /FileSystemConfigs/],
    ['a version', { Publish: true }, /Publish/],
    [
      'a reserved variable',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      /Reserved keys used in this request: AWS_REGION/,
    ],
    ['too many variables', { Environment: { Variables: { BIG: 'x'.repeat(4096) } } }, /4KB limit/],
    ['too long a timeout', { Timeout: 901 }, /Timeout 901 is not allowed: it is a whole number from 1 to 900/],
    ['no zip file', { Code: { ZipFile: Buffer.from('x') } }, /Could not unzip/],
    ['a code that is not in S3', { Code: { S3Bucket: 'b' } }, /S3Bucket and S3Key/],
  ])('with %s is refused by name', async (_, settings, message) => {
    await expect(createFunction(small.cloud, 'refused', { code: CODE, ...settings })).rejects.toThrow(message);
  });

  test('is listed in pages', async () => {
    const { Functions, NextMarker } = await call('ListFunctions', { MaxItems: 1 });
    expect(Functions).toHaveLength(1);
    const next = await call('ListFunctions', { Marker: NextMarker, MaxItems: 1 });
    expect(next.Functions[0].FunctionName > Functions[0].FunctionName).toBe(true);
  });
});

describe('the policy of a function', () => {
  test('gains and loses statements', async () => {
    await createFunction(small.cloud, 'policy', { code: CODE });
    const permission = {
      FunctionName: 'policy',
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    };
    await expect(call('GetPolicy', { FunctionName: 'policy' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await call('AddPermission', { ...permission, SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r' });
    await expect(call('AddPermission', permission)).rejects.toMatchObject({ name: 'ResourceConflictException' });
    const { Policy } = await call('GetPolicy', { FunctionName: 'policy' });
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: 's',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:us-east-1:000000000000:function:policy',
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:us-east-1:000000000000:rule/r' } },
      },
    ]);
    await call('RemovePermission', { FunctionName: 'policy', StatementId: 's' });
    await expect(call('RemovePermission', { FunctionName: 'policy', StatementId: 's' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('how asynchronous invocations of a function end', () => {
  const queue = 'arn:aws:sqs:us-east-1:000000000000:q';

  test('is put, updated in parts, and deleted', async () => {
    await createFunction(small.cloud, 'config', { code: CODE });
    const FunctionName = 'config';
    await call('PutFunctionEventInvokeConfig', {
      FunctionName,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: queue } },
    });
    await call('UpdateFunctionEventInvokeConfig', { FunctionName, MaximumEventAgeInSeconds: 60 });
    expect(await call('GetFunctionEventInvokeConfig', { FunctionName, Qualifier: '$LATEST' })).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: queue } },
    });
    await call('DeleteFunctionEventInvokeConfig', { FunctionName });
    await expect(call('GetFunctionEventInvokeConfig', { FunctionName })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('is refused with a destination that is no queue', async () => {
    const DestinationConfig = { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:t' } };
    await expect(call('PutFunctionEventInvokeConfig', { FunctionName: 'config', DestinationConfig })).rejects.toThrow(
      /sns/,
    );
  });
});
