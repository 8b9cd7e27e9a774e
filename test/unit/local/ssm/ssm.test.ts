import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  ParameterVersionNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { createSsmService } from '../../../../local/ssm/service.ts';

const PORT = 21050;

let folder: string;
let running: RunningCloud;
const client = new SSMClient({
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-ssm-'));
  running = await open();
});

afterAll(async () => {
  client.destroy();
  await running.close();
  rmSync(folder, { recursive: true });
});

function open(): Promise<RunningCloud> {
  return createCloud({
    dataFolder: folder,
    optFolder: folder,
    port: PORT,
    services: [createSsmService],
    log: () => undefined,
  });
}

function put(Name: string, Value: string, Overwrite = false) {
  return client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite }));
}

async function read(Name: string) {
  return (await client.send(new GetParameterCommand({ Name }))).Parameter;
}

describe('a parameter', () => {
  test('has a version for each value, the newest first asked for', async () => {
    expect((await put('/app/url', 'one')).Version).toBe(1);
    await expect(put('/app/url', 'two')).rejects.toBeInstanceOf(ParameterAlreadyExists);
    expect((await put('/app/url', 'two', true)).Version).toBe(2);
    expect(await read('/app/url')).toMatchObject({
      Value: 'two',
      Version: 2,
      ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url',
    });
    expect(await read('/app/url:1')).toMatchObject({ Value: 'one', Selector: ':1' });
    await expect(read('/app/url:9')).rejects.toBeInstanceOf(ParameterVersionNotFound);
    expect((await read('arn:aws:ssm:us-east-1:000000000000:parameter/app/url'))?.Value).toBe('two');
  });

  test('without a hierarchy is found by its name and its ARN', async () => {
    await put('plain', 'x');
    expect((await read('plain'))?.ARN).toBe('arn:aws:ssm:us-east-1:000000000000:parameter/plain');
    expect((await read('arn:aws:ssm:us-east-1:000000000000:parameter/plain'))?.Value).toBe('x');
  });

  test('is listed below a path, in pages', async () => {
    for (const name of ['/tree/a', '/tree/b', '/tree/deep/c']) await put(name, name);
    const flat = await client.send(new GetParametersByPathCommand({ Path: '/tree' }));
    expect(flat.Parameters?.map(({ Name }) => Name)).toEqual(['/tree/a', '/tree/b']);
    const first = await client.send(new GetParametersByPathCommand({ Path: '/tree/', Recursive: true, MaxResults: 2 }));
    const rest = await client.send(
      new GetParametersByPathCommand({ Path: '/tree/', Recursive: true, MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(rest.Parameters?.map(({ Name }) => Name)).toEqual(['/tree/deep/c']);
    expect(rest.NextToken).toBeUndefined();
  });

  test('that is deleted or was never put is named as invalid', async () => {
    await put('/gone', 'x');
    await client.send(new DeleteParameterCommand({ Name: '/gone' }));
    await expect(read('/gone')).rejects.toBeInstanceOf(ParameterNotFound);
    await put('/here', 'x');
    const got = await client.send(new GetParametersCommand({ Names: ['/here', '/gone'] }));
    expect([got.Parameters?.map(({ Name }) => Name), got.InvalidParameters]).toEqual([['/here'], ['/gone']]);
    const deleted = await client.send(new DeleteParametersCommand({ Names: ['/here', '/gone'] }));
    expect(deleted).toMatchObject({ DeletedParameters: ['/here'], InvalidParameters: ['/gone'] });
  });

  test('is there after a restart', async () => {
    await put('/stays', 'x');
    await running.close();
    running = await open();
    expect((await read('/stays'))?.LastModifiedDate).toBeInstanceOf(Date);
  });

  test('is refused under a reserved name, with a malformed name or with what is not done', async () => {
    await expect(put('/aws/service/x', 'x')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(put('/a b', 'x')).rejects.toMatchObject({ name: 'ValidationException' });
    const policies = new PutParameterCommand({ Name: 'p', Value: 'x', Type: 'String', Policies: '[]' });
    await expect(client.send(policies)).rejects.toMatchObject({ message: expect.stringContaining('Policies') });
  });
});

describe('the public parameters', () => {
  test('name one machine image for every system and architecture', async () => {
    const path = '/aws/service/ecs/optimized-ami';
    for (const name of [
      `${path}/amazon-linux-2023/recommended/image_id`,
      `${path}/amazon-linux-2023/arm64/recommended/image_id`,
    ])
      expect((await read(name))?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
    const whole = await read(`${path}/amazon-linux-2/recommended`);
    expect(JSON.parse(whole?.Value ?? '')).toMatchObject({ image_id: expect.stringMatching(/^ami-/) });
    await expect(read(`${path}/windows/recommended`)).rejects.toBeInstanceOf(ParameterNotFound);
  });
});
