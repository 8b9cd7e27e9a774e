import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { createSecretsmanagerService } from '../../../../local/secretsmanager/service.ts';

const PORT = 21055;

let folder: string;
let running: RunningCloud;
const client = new SecretsManagerClient({
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-secrets-'));
  running = await open();
});

afterAll(async () => {
  client.destroy();
  await running.close();
  rmSync(folder, { recursive: true });
});

function open(): Promise<RunningCloud> {
  const services = [createSecretsmanagerService];
  return createCloud({ dataFolder: folder, optFolder: folder, port: PORT, services, log: () => undefined });
}

function read(SecretId: string, more: object = {}) {
  return client.send(new GetSecretValueCommand({ SecretId, ...more }));
}

describe('a secret', () => {
  test('is read by its name and its ARN, also after a restart', async () => {
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 'app/token', SecretString: 'one' }));
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:app\/token-\w{6}$/);
    await running.close();
    running = await open();
    expect(await read(ARN ?? '')).toMatchObject({ SecretString: 'one', VersionStages: ['AWSCURRENT'] });
    expect((await read('app/token')).CreatedDate).toBeInstanceOf(Date);
  });

  test('keeps its previous value when it gets another, and no older one', async () => {
    await client.send(new CreateSecretCommand({ Name: 'rolling', SecretString: '1' }));
    await client.send(new PutSecretValueCommand({ SecretId: 'rolling', SecretString: '2' }));
    const { VersionId } = await client.send(
      new UpdateSecretCommand({ SecretId: 'rolling', SecretString: '3', Description: 'd' }),
    );
    expect((await read('rolling')).SecretString).toBe('3');
    expect((await read('rolling', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('2');
    expect((await read('rolling', { VersionId })).SecretString).toBe('3');
    const described = await client.send(new DescribeSecretCommand({ SecretId: 'rolling' }));
    expect(described.Description).toBe('d');
    expect(
      Object.values(described.VersionIdsToStages ?? {})
        .flat()
        .sort(),
    ).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('holds bytes as well as text', async () => {
    await client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary: new Uint8Array([0, 255, 7]) }));
    expect([...((await read('bytes')).SecretBinary ?? [])]).toEqual([0, 255, 7]);
  });

  test('is created once; the same token with the same value is the same call', async () => {
    const create = { Name: 'once', SecretString: 'v', ClientRequestToken: 'a'.repeat(32) };
    const first = await client.send(new CreateSecretCommand(create));
    expect((await client.send(new CreateSecretCommand(create))).VersionId).toBe(first.VersionId);
    const other = new CreateSecretCommand({ ...create, SecretString: 'w' });
    await expect(client.send(other)).rejects.toBeInstanceOf(ResourceExistsException);
  });

  test('can be restored until it is deleted for good', async () => {
    await client.send(new CreateSecretCommand({ Name: 'going', SecretString: 'v' }));
    await client.send(new DeleteSecretCommand({ SecretId: 'going' }));
    await expect(read('going')).rejects.toBeInstanceOf(InvalidRequestException);
    await client.send(new RestoreSecretCommand({ SecretId: 'going' }));
    expect((await read('going')).SecretString).toBe('v');
    await client.send(new DeleteSecretCommand({ SecretId: 'going', ForceDeleteWithoutRecovery: true }));
    await expect(read('going')).rejects.toBeInstanceOf(ResourceNotFoundException);
    await client.send(new CreateSecretCommand({ Name: 'going', SecretString: 'again' }));
  });

  test('is tagged and listed', async () => {
    await client.send(
      new CreateSecretCommand({ Name: 'zz-tagged', SecretString: 'v', Tags: [{ Key: 'a', Value: '1' }] }),
    );
    await client.send(new TagResourceCommand({ SecretId: 'zz-tagged', Tags: [{ Key: 'b', Value: '2' }] }));
    await client.send(new UntagResourceCommand({ SecretId: 'zz-tagged', TagKeys: ['a'] }));
    const { SecretList } = await client.send(new ListSecretsCommand({}));
    expect(SecretList?.find(({ Name }) => Name === 'zz-tagged')?.Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });
});

describe('a random password', () => {
  test('has its length and one of each kind of characters that are left', async () => {
    const { RandomPassword } = await client.send(
      new GetRandomPasswordCommand({ PasswordLength: 8, ExcludePunctuation: true, ExcludeCharacters: 'abc' }),
    );
    expect(RandomPassword).toMatch(/^[A-Zd-z0-9]{8}$/);
    for (const kind of [/[A-Z]/, /[d-z]/, /[0-9]/]) expect(RandomPassword).toMatch(kind);
  });

  test('is refused when it cannot hold one of each', async () => {
    await expect(client.send(new GetRandomPasswordCommand({ PasswordLength: 3 }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
