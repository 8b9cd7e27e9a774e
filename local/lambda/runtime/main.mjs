/**
 * The process of one execution environment: loads the handler, then answers one invocation after another over the
 * channel to the cloud. It ends when that channel closes: at once when idle, else with its current invocation.
 */
import { performance } from 'node:perf_hooks';
import { formatError } from './format-error.mjs';
import { loadHandler } from './load-handler.mjs';
import { resolveNames } from './resolve-names.mjs';
import { patchConsole, writeInvokeError, writeReport, writeStart } from './write-log.mjs';

const MAX_RESPONSE_BYTES = 6_291_556;
const send = process.send.bind(process);
/** The invocation under way, undefined when idle. */
let current;
/** Told once, in the report of the first invocation. */
let initDurationMs;

globalThis.awslambda = {
  streamifyResponse() {
    throw new Error(
      'awslambda.streamifyResponse is not in the local cloud: return the response from an async handler.',
    );
  },
};
// A function in a VPC asks the VPC's resolver, whose answers lie in a file.
if (process.argv[2] !== undefined) resolveNames(process.argv[2]);
patchConsole(() => current?.requestId ?? 'undefined');
process.send = undefined;
// Nobody reads the pipes any more once the cloud is gone; the invocation under way still ends as it would have.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.on('disconnect', () => {
  if (current === undefined) process.exit(0);
  setTimeout(() => process.exit(1), Math.max(0, current.deadlineMs - Date.now()));
});
process.on('uncaughtException', (error) => endWith(error, 129));
process.on('unhandledRejection', (reason) => {
  const error = new Error(String(reason));
  error.name = 'Runtime.UnhandledPromiseRejection';
  if (reason instanceof Error) error.stack = reason.stack;
  endWith(error, 128);
});

const handler = await initialize();
process.on('message', (call) => void invoke(call));
send({ type: 'ready' });

async function initialize() {
  const startedAt = performance.now();
  try {
    const loaded = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
    initDurationMs = performance.now() - startedAt;
    return loaded;
  } catch (error) {
    const formatted = formatError(error);
    console.error('Uncaught Exception', JSON.stringify(formatted));
    send({ type: 'init-failed', payload: JSON.stringify(formatted) }, () => process.exit(1));
    return new Promise(() => undefined);
  }
}

async function invoke(call) {
  current = call;
  process.env._X_AMZN_TRACE_ID = call.traceId;
  writeStart(call.requestId);
  const startedAt = performance.now();
  const answer = await run(call);
  report(call, startedAt, answer.type === 'succeeded' ? 'success' : 'error');
  current = undefined;
  if (process.connected) send(answer);
  else process.exit(0);
}

async function run(call) {
  try {
    const result = await handler(JSON.parse(call.payload), contextOf(call));
    return { type: 'succeeded', payload: serialize(result) };
  } catch (error) {
    const formatted = formatError(error);
    writeInvokeError(call.requestId, formatted);
    return { type: 'failed', payload: JSON.stringify(formatted) };
  }
}

function report({ requestId }, startedAt, status) {
  const durationMs = performance.now() - startedAt;
  writeReport({ requestId, durationMs, status, ...(initDurationMs === undefined ? {} : { initDurationMs }) });
  initDurationMs = undefined;
}

function serialize(result) {
  const text = stringify(result);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_RESPONSE_BYTES) return text;
  const error = new Error(`Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`);
  error.name = 'Function.ResponseSizeTooLarge';
  throw error;
}

function stringify(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (cause) {
    const error = new Error('Unable to stringify response body', { cause });
    error.name = 'Runtime.JSONStringifyError';
    throw error;
  }
}

function contextOf(call) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: call.functionArn,
    awsRequestId: call.requestId,
    getRemainingTimeInMillis: () => Math.max(0, call.deadlineMs - Date.now()),
    ...(call.clientContext === undefined ? {} : { clientContext: JSON.parse(call.clientContext) }),
  };
}

/** Something failed outside the handler's promise: the invocation fails with it and the environment is given up. */
function endWith(error, exitCode) {
  const formatted = formatError(error);
  writeInvokeError(current?.requestId ?? 'undefined', formatted);
  if (!process.connected) process.exit(exitCode);
  send({ type: 'crashed', payload: JSON.stringify(formatted) }, () => process.exit(exitCode));
}
