import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLambdaService } from '../../../../local/lambda/service.ts';
import { createLogsService } from '../../../../local/logs/service.ts';
import { until } from '../ecs/small-cloud.ts';
import { createFunction, invoke, newFolder, removeFolder, type SmallCloud, startSmallCloud } from './small-cloud.ts';
import { zip } from './zip.ts';

const folder = newFolder();
let small: SmallCloud;

beforeAll(async () => {
  small = await startSmallCloud({ folder, port: 21_400, services: [createLambdaService, createLogsService] });
});

afterAll(async () => {
  await small.close();
  removeFolder(folder);
});

describe('invoking a function', () => {
  test('answers what the handler returns for the event', async () => {
    await createFunction(small.cloud, 'echo', {
      code: 'export const handler = async (event) => ({ got: event.a + 1 });',
    });
    expect(await invoke(small.cloud, 'echo', { a: 1 })).toEqual({ payload: { got: 2 } });
  });

  test('answers null when the handler returns nothing', async () => {
    await createFunction(small.cloud, 'nothing', { code: 'export const handler = async () => undefined;' });
    expect(await invoke(small.cloud, 'nothing')).toEqual({ payload: null });
  });

  test('uses the same environment again and so keeps the state of the module', async () => {
    await createFunction(small.cloud, 'count', { code: 'let n = 0; export const handler = async () => (n += 1);' });
    await invoke(small.cloud, 'count');
    expect(await invoke(small.cloud, 'count')).toEqual({ payload: 2 });
  });

  test('serves calls at the same time by environments of their own', async () => {
    const code =
      'let n = 0; export const handler = async () => { n += 1; await new Promise((r) => setTimeout(r, 50)); return n; };';
    await createFunction(small.cloud, 'parallel', { code });
    const answers = await Promise.all([invoke(small.cloud, 'parallel'), invoke(small.cloud, 'parallel')]);
    expect(answers.map(({ payload }) => payload)).toEqual([1, 1]);
  });

  test('gives a thrown error with its name, message and stack', async () => {
    const code = `class NotReady extends Error { name = 'NotReady'; }
      export const handler = async () => { throw new NotReady('wait'); };`;
    await createFunction(small.cloud, 'fail', { code });
    const { payload, error } = await invoke(small.cloud, 'fail');
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'NotReady', errorMessage: 'wait' });
    expect((payload as { trace: string[] }).trace[0]).toBe('NotReady: wait');
  });

  test('ends a function that runs longer than its timeout, and starts afresh for the next call', async () => {
    const code =
      'export const handler = async ({ hang }) => (hang ? new Promise(() => setInterval(() => {}, 1000)) : "well");';
    await createFunction(small.cloud, 'slow', { code, Timeout: 1 });
    const { payload, error } = await invoke(small.cloud, 'slow', { hang: true });
    expect(error).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
    });
    expect(await invoke(small.cloud, 'slow', { hang: false })).toEqual({ payload: 'well' });
  });

  test('fails with the exit status when the handler ends its process', async () => {
    await createFunction(small.cloud, 'quit', { code: 'export const handler = async () => process.exit(3);' });
    const { payload } = await invoke(small.cloud, 'quit');
    expect(payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Error: Runtime exited with error: exit status 3$/),
    });
  });

  test('fails with the reason when a promise that nobody awaits is rejected', async () => {
    const code = `export const handler = () => { Promise.reject(new Error('lost')); return new Promise(() => {}); };`;
    await createFunction(small.cloud, 'unhandled', { code });
    const { payload } = await invoke(small.cloud, 'unhandled');
    expect(payload).toMatchObject({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' });
  });

  test('names a module that is missing, an export that is missing, and a callback handler', async () => {
    await createFunction(small.cloud, 'no-module', {
      code: `import 'not-there'; export const handler = async () => 1;`,
    });
    await createFunction(small.cloud, 'no-export', { code: 'export const other = 1;' });
    await createFunction(small.cloud, 'callback', {
      code: 'export const handler = (event, context, callback) => callback();',
    });
    expect((await invoke(small.cloud, 'no-module')).payload).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
    expect((await invoke(small.cloud, 'no-export')).payload).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    });
    expect((await invoke(small.cloud, 'callback')).payload).toMatchObject({
      errorType: 'Runtime.CallbackHandlerDeprecated',
    });
  });

  test('refuses an answer of more than 6 MB and one that JSON cannot hold', async () => {
    await createFunction(small.cloud, 'big', { code: 'export const handler = async () => "x".repeat(6291556);' });
    await createFunction(small.cloud, 'cycle', { code: 'export const handler = async () => 1n;' });
    expect((await invoke(small.cloud, 'big')).payload).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    expect((await invoke(small.cloud, 'cycle')).payload).toMatchObject({ errorType: 'Runtime.JSONStringifyError' });
  });

  test('loads CommonJS code from S3', async () => {
    small.objects.set('assets/code.zip', zip({ 'lib/index.js': 'exports.handler = async () => "from cjs";' }));
    const Code = { S3Bucket: 'assets', S3Key: 'code.zip' };
    await createFunction(small.cloud, 'cjs', { code: '', Code, Handler: 'lib/index.handler' });
    expect(await invoke(small.cloud, 'cjs')).toEqual({ payload: 'from cjs' });
  });

  test('runs the new code and the new variables after an update', async () => {
    await createFunction(small.cloud, 'update', { code: 'export const handler = async () => "old";' });
    await invoke(small.cloud, 'update');
    const ZipFile = zip({ 'index.mjs': 'export const handler = async () => process.env.WORD ?? "new";' });
    await small.cloud.call('lambda', 'UpdateFunctionCode', { FunctionName: 'update', ZipFile });
    expect(await invoke(small.cloud, 'update')).toEqual({ payload: 'new' });
    const Environment = { Variables: { WORD: 'newest' } };
    await small.cloud.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'update', Environment });
    expect(await invoke(small.cloud, 'update')).toEqual({ payload: 'newest' });
  });

  test("gives the worker the variables that Lambda sets, its role's keys, and nothing of the cloud's own", async () => {
    process.env['SECRET_OF_THE_CLOUD'] = 'x';
    await createFunction(small.cloud, 'env', {
      code: 'export const handler = async () => process.env;',
      MemorySize: 256,
    });
    const env = (await invoke(small.cloud, 'env')).payload as Record<string, string>;
    expect(env).toMatchObject({
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/env',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:21400',
      _HANDLER: 'index.handler',
    });
    expect(env).not.toHaveProperty('SECRET_OF_THE_CLOUD');
    expect(small.cloud.callers.find(env['AWS_ACCESS_KEY_ID'] ?? '').principalArn).toBe(
      'arn:aws:sts::000000000000:assumed-role/Tester/env',
    );
  });

  test('tells the handler about its invocation in the context', async () => {
    const code = `export const handler = async (event, context) => [context.functionName, context.invokedFunctionArn,
      context.memoryLimitInMB, context.awsRequestId.length, context.getRemainingTimeInMillis() <= 3000];`;
    await createFunction(small.cloud, 'context', { code });
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:context';
    expect((await invoke(small.cloud, arn)).payload).toEqual(['context', arn, '128', 36, true]);
  });

  test('answers a dry run without running the function', async () => {
    await createFunction(small.cloud, 'dry', { code: 'throw new Error("ran")' });
    const answer = await small.cloud.call('lambda', 'Invoke', { FunctionName: 'dry', InvocationType: 'DryRun' });
    expect(answer.StatusCode).toBe(204);
  });

  test('refuses more calls at once than a function reserves', async () => {
    const code = 'export const handler = async () => new Promise((r) => setTimeout(r, 100));';
    await createFunction(small.cloud, 'reserved', { code });
    await small.cloud.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'reserved',
      ReservedConcurrentExecutions: 1,
    });
    const first = invoke(small.cloud, 'reserved');
    await expect(invoke(small.cloud, 'reserved')).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      status: 429,
    });
    await first;
  });
});

describe('the log of a function', () => {
  test('holds START, the lines of the console, END and REPORT of an invocation', async () => {
    await createFunction(small.cloud, 'logs', {
      code: 'export const handler = async () => { console.log("two\\nlines"); };',
    });
    const answer = await small.cloud.call('lambda', 'Invoke', { FunctionName: 'logs', LogType: 'Tail' });
    const lines = Buffer.from(answer.LogResult, 'base64').toString('utf8');
    expect(lines).toMatch(
      /^START RequestId: (\S+) Version: \$LATEST\n\S+Z\t\1\tINFO\ttwo\nlines\nEND RequestId: \1\nREPORT RequestId: \1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t\n$/,
    );
  });

  test('lies in the log group of the function', async () => {
    const code = 'export const handler = async () => { console.error("it failed"); };';
    await createFunction(small.cloud, 'grouped', { code, LoggingConfig: { LogGroup: '/own/group' } });
    await small.cloud.call('lambda', 'Invoke', { FunctionName: 'grouped', LogType: 'Tail' });
    // Logs come later than the answer, as on AWS.
    const found = await until(
      () => small.cloud.call('logs', 'FilterLogEvents', { logGroupName: '/own/group', filterPattern: '"it failed"' }),
      ({ events }) => events.length > 0,
    );
    expect(found.events).toHaveLength(1);
    expect(found.events[0].logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/grouped\[\$LATEST\][0-9a-f]{32}$/);
  });

  test('is JSON when the function asks for it', async () => {
    const code = 'export const handler = async () => { console.debug("quiet"); console.warn({ disk: "full" }); };';
    await createFunction(small.cloud, 'json', { code, LoggingConfig: { LogFormat: 'JSON' } });
    const answer = await small.cloud.call('lambda', 'Invoke', { FunctionName: 'json', LogType: 'Tail' });
    const lines = Buffer.from(answer.LogResult, 'base64')
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.type ?? line.message)).toEqual([
      'platform.start',
      { disk: 'full' },
      'platform.report',
    ]);
  });
});
