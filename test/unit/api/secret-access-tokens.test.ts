import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSecretAccessTokens } from '../../../lib/aws/secret-access-tokens.ts';

let server: Server;
let answers: { status: number; body: unknown }[];
let asked: number;
let client: SecretsManagerClient;

beforeEach(async () => {
  answers = [];
  asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    const { status, body } = answers.shift() ?? { status: 500, body: {} };
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const secret = (text: string) => ({ status: 200, body: { SecretString: text } });

describe('the tokens of the secret', () => {
  test('are read again only after a minute', async () => {
    let now = 0;
    const tokens = createSecretAccessTokens({ secretId: 'tokens', clock: () => now, client });
    answers = [secret('{"admin": "a"}'), secret('{"admin": "b"}')];
    expect(await tokens.read()).toEqual({ admin: 'a' });
    now = 59_999;
    expect(await tokens.read()).toEqual({ admin: 'a' });
    expect(asked).toBe(1);
    now = 60_000;
    expect(await tokens.read()).toEqual({ admin: 'b' });
  });

  test.each(['no json', '{}', '[]', '{"admin": 7}', 'null'])(
    'cannot be %s, and the error does not repeat it',
    async (text) => {
      answers = [secret(text)];
      const read = createSecretAccessTokens({ secretId: 'tokens', clock: () => 0, client }).read();
      await expect(read).rejects.toMatchObject({
        name: 'AccessTokensError',
        code: 'WARDEN_ACCESS_TOKENS',
        retriable: false,
        message: 'the secret of tokens must be a JSON object of names and tokens',
      });
    },
  );

  test('that cannot be read may be tried again, and a failure is not kept', async () => {
    const tokens = createSecretAccessTokens({ secretId: 'tokens', clock: () => 0, client });
    answers = [{ status: 500, body: { __type: 'InternalServiceError' } }, secret('{"admin": "a"}')];
    await expect(tokens.read()).rejects.toMatchObject({ name: 'AccessTokensError', retriable: true });
    expect(await tokens.read()).toEqual({ admin: 'a' });
  });
});
