import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsEnvironment, stackOutputs } from './deploy.ts';
import { localClient } from './local-client.ts';
import { StartError } from './progress.ts';
import type { StartOptions } from './start-options.ts';

/** How to use what was started. */
export interface Endpoints {
  readonly api: string;
  readonly token: string;
  readonly aws: string;
}

/**
 * Writes `endpoints.json`, which the CLI finds by itself, and `env`, which points any AWS client here.
 * The token is the one that the stack generated, read back as an operator would read it on AWS.
 */
export async function writeEndpoints(options: StartOptions): Promise<Endpoints> {
  const outputs = stackOutputs(options);
  const api = outputs['ApiUrl'];
  const secretArn = outputs['TokensSecretArn'];
  if (api === undefined || secretArn === undefined)
    throw new StartError('the stack has no outputs ApiUrl and TokensSecretArn');
  const environment = awsEnvironment(options);
  const endpoints = {
    api,
    token: await adminToken(environment, secretArn),
    aws: environment['AWS_ENDPOINT_URL'] ?? '',
  };
  mkdirSync(options.dataFolder, { recursive: true });
  const file = join(options.dataFolder, 'endpoints.json');
  writeFileSync(file, `${JSON.stringify(endpoints, undefined, 2)}\n`);
  chmodSync(file, 0o600);
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${value}\n`);
  writeFileSync(join(options.dataFolder, 'env'), lines.join(''));
  return endpoints;
}

async function adminToken(environment: Readonly<Record<string, string>>, secretArn: string): Promise<string> {
  const client = new SecretsManagerClient(localClient(environment['AWS_ENDPOINT_URL'] ?? ''));
  const answer = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const tokens = JSON.parse(answer.SecretString ?? '{}') as Record<string, string>;
  const token = tokens['admin'];
  if (token === undefined) throw new StartError(`the secret ${secretArn} holds no token named admin`);
  return token;
}
