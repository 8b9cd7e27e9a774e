import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openApiDocument } from '../../lib/contract/openapi.ts';
import { functionTable } from '../../lib/stacks/function-table.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.mjs';
import { repository } from './synthesize.ts';

const run = promisify(execFile);

/** A function in TypeScript that calls a CommonJS module which requires one of Node's own. */
function writeSources(): string {
  const sourceRoot = mkdtempSync(join(tmpdir(), 'warden-sources-'));
  mkdirSync(join(sourceRoot, 'functions'));
  writeFileSync(join(sourceRoot, 'functions/old.cjs'), "exports.sep = require('node:path').sep;\n");
  writeFileSync(
    join(sourceRoot, 'functions/hello.ts'),
    [
      "import { sep } from './old.cjs';",
      "export const handler = async (who: string): Promise<string> => [sep, who].join('');",
      '',
    ].join('\n'),
  );
  return sourceRoot;
}

const bundle = async (): Promise<string> => {
  const sourceRoot = writeSources();
  const outDir = mkdtempSync(join(tmpdir(), 'warden-bundles-'));
  const [built] = await bundleFunctions({
    functions: [{ name: 'Hello', entry: 'functions/hello.ts' }],
    sourceRoot,
    outDir,
  });
  return built?.path ?? '';
};

const lambdaEnvironment = {
  PATH: process.env['PATH'],
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDOFTHEROLE',
  AWS_SECRET_ACCESS_KEY: 'secret-of-the-role',
  AWS_SESSION_TOKEN: 'token-of-the-role',
  WARDEN_TOKENS_SECRET: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:tokens',
};

const theSecret = { status: 200, body: { SecretString: '{"admin":"opensesame"}' } };

/** The bundle of the function Authorizer, called once, and the one service that it asks. */
async function authorizerWithItsSecret(answer: { readonly status: number; readonly body: object } = theSecret) {
  const asked = { url: '', authorization: '', securityToken: '' };
  const server = createServer((request, response) => {
    asked.authorization = String(request.headers['authorization']);
    asked.securityToken = String(request.headers['x-amz-security-token']);
    response.statusCode = answer.status;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  asked.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [built] = await bundleFunctions({
    functions: functionTable.filter(({ name }) => name === 'Authorizer'),
    sourceRoot: repository,
    outDir: mkdtempSync(join(tmpdir(), 'warden-bundles-')),
  });
  const event = { headers: { authorization: 'token=opensesame' } };
  const handler = `const { handler } = await import(${JSON.stringify(built?.path)}); await handler(${JSON.stringify(event)});`;
  return { handler, asked, close: () => server.close() };
}

describe('a bundle', () => {
  test('has the same bytes wherever the sources lie, so an unchanged function is not deployed again', async () => {
    const [first, second] = await Promise.all([bundle(), bundle()]);

    expect(first).not.toBe(second);
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
  });

  test('runs by itself as an ES module, with CommonJS inside', async () => {
    const path = await bundle();

    const { stdout } = await run(process.execPath, [
      '--input-type=module',
      '--eval',
      `const { handler } = await import(${JSON.stringify(path)}); console.log(await handler('you'));`,
    ]);

    expect(stdout).toBe('/you\n');
  });

  test('signs its calls with the keys that Lambda gives it', async () => {
    const { handler, asked, close } = await authorizerWithItsSecret();
    try {
      await run(process.execPath, ['--input-type=module', '--eval', handler], {
        env: { ...lambdaEnvironment, AWS_ENDPOINT_URL: asked.url },
      });
    } finally {
      close();
    }

    expect(asked.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDOFTHEROLE\//);
    expect(asked.securityToken).toBe('token-of-the-role');
  });

  test("tells an error of AWS's by AWS's own name and message, though it brings no class for it", async () => {
    const body = { __type: 'com.amazonaws.secretsmanager#ResourceNotFoundException', Message: 'no such secret' };
    const { handler, asked, close } = await authorizerWithItsSecret({ status: 400, body });
    try {
      const { stdout } = await run(
        process.execPath,
        [
          '--input-type=module',
          '--eval',
          `try { ${handler} } catch (error) { console.log(error.message, error.retriable); }`,
        ],
        { env: { ...lambdaEnvironment, AWS_ENDPOINT_URL: asked.url } },
      );

      expect(stdout).toBe(
        `the tokens of secret ${lambdaEnvironment.WARDEN_TOKENS_SECRET} cannot be read: ResourceNotFoundException: no such secret false\n`,
      );
    } finally {
      close();
    }
  });

  test('holds nothing of an earlier build', async () => {
    const sourceRoot = writeSources();
    const outDir = mkdtempSync(join(tmpdir(), 'warden-bundles-'));
    mkdirSync(join(outDir, 'Hello'));
    writeFileSync(join(outDir, 'Hello/left-over.mjs'), '');

    await bundleFunctions({ functions: [{ name: 'Hello', entry: 'functions/hello.ts' }], sourceRoot, outDir });

    expect(existsSync(join(outDir, 'Hello/left-over.mjs'))).toBe(false);
  });

  test('that is there already stays the file that another run may be reading, and a changed one takes its place', async () => {
    const sourceRoot = writeSources();
    const outDir = mkdtempSync(join(tmpdir(), 'warden-bundles-'));
    const bundleHello = () =>
      bundleFunctions({ functions: [{ name: 'Hello', entry: 'functions/hello.ts' }], sourceRoot, outDir });
    const [hello] = await bundleHello();
    const path = hello?.path ?? '';
    const { ino } = statSync(path);

    await bundleHello();
    expect(statSync(path).ino).toBe(ino);

    writeFileSync(join(sourceRoot, 'functions/hello.ts'), "export const handler = async () => 'changed';\n");
    await bundleHello();
    expect(readFileSync(path, 'utf8')).toContain('changed');
    expect(readdirSync(outDir)).toEqual(['Hello']);
  });
});

describe('the bundles of all functions', () => {
  const barBytes = { all: 500_000, ofEc2: 1_000_000 };

  let bundles: Awaited<ReturnType<typeof bundleFunctions>>;

  beforeAll(async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'warden-bundles-'));
    bundles = await bundleFunctions({ functions: functionTable, sourceRoot: repository, outDir });
  }, 60_000);

  test('stay below 500 KB each, the one that calls EC2 below 1 MB', () => {
    const tooLarge = bundles.filter(
      ({ name, sizeBytes }) => sizeBytes > (name === 'StepsEc2' ? barBytes.ofEc2 : barBytes.all),
    );
    expect(bundles).toHaveLength(functionTable.length);
    expect(tooLarge).toEqual([]);
  });

  test('bring the OpenAPI document ready-made, for the function that answers it', () => {
    const withDocument = bundles.filter(({ path }) => existsSync(join(dirname(path), 'openapi.json')));

    expect(withDocument.map(({ name }) => name)).toEqual(['Api']);
    const [{ path } = { path: '' }] = withDocument;
    const document = JSON.parse(readFileSync(join(dirname(path), 'openapi.json'), 'utf8'));
    expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
    expect(readFileSync(path, 'utf8')).not.toContain('createDocument');
  });
});

describe('the table of functions', () => {
  test('names each function once', () => {
    expect(functionTable.map(({ name }) => name)).toEqual([
      'Api',
      'ApiCommands',
      'ApiDeployment',
      'ApiKafka',
      'Authorizer',
      'Events',
      'StepsAws',
      'StepsEc2',
      'StepsKafka',
      'StepsUpkeep',
    ]);
  });

  test.each(functionTable.map(({ name, entry }) => [name, entry]))('has the entry file of %s: %s', (_, entry) => {
    expect(existsSync(join(repository, entry))).toBe(true);
  });
});
