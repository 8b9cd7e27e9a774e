import { format } from 'node:util';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const METHODS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };
const isJson = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const minimum = LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL ?? 'TRACE');

/** Makes the console write lines as Lambda's runtime does; `requestIdOf` tells the invocation under way. */
export function patchConsole(requestIdOf) {
  for (const [method, level] of Object.entries(METHODS)) {
    console[method] = (...args) => {
      if (isJson && LEVELS.indexOf(level) < minimum) return;
      writeLine(isJson ? jsonLine(level, requestIdOf(), args) : textLine(level, requestIdOf(), args));
    };
  }
}

/** The line that begins an invocation. */
export function writeStart(requestId) {
  if (isJson) writePlatform('platform.start', { requestId, version: '$LATEST' });
  else writeLine(`START RequestId: ${requestId} Version: $LATEST`);
}

/** The lines that end an invocation; `initDurationMs` is there for the first one only. */
export function writeReport({ requestId, durationMs, initDurationMs, status }) {
  const billedMs = Math.ceil(durationMs);
  const memoryMiB = process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
  const usedMiB = usedMemoryMiB();
  if (isJson) {
    const metrics = {
      durationMs: round(durationMs),
      billedDurationMs: billedMs,
      memorySizeMB: Number(memoryMiB),
      maxMemoryUsedMB: usedMiB,
      ...(initDurationMs === undefined ? {} : { initDurationMs: round(initDurationMs) }),
    };
    writePlatform('platform.report', { requestId, metrics, status });
    return;
  }
  const init = initDurationMs === undefined ? '' : `Init Duration: ${initDurationMs.toFixed(2)} ms\t`;
  writeLine(`END RequestId: ${requestId}`);
  writeLine(
    `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billedMs} ms\t` +
      `Memory Size: ${memoryMiB} MB\tMax Memory Used: ${usedMiB} MB\t${init}`,
  );
}

/** An error that ends an invocation, as Lambda's runtime logs it. */
export function writeInvokeError(requestId, error) {
  if (isJson)
    writeLine(JSON.stringify({ timestamp: new Date().toISOString(), level: 'ERROR', requestId, message: error }));
  else writeLine(`${new Date().toISOString()}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify(error)}`);
}

function writePlatform(type, record) {
  writeLine(JSON.stringify({ time: new Date().toISOString(), type, record }));
}

function textLine(level, requestId, args) {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...args)}`;
}

function jsonLine(level, requestId, args) {
  const [first] = args;
  const message = args.length === 1 && typeof first === 'object' && !(first instanceof Error) ? first : format(...args);
  const error = args.find((arg) => arg instanceof Error);
  const about =
    error === undefined
      ? {}
      : { errorType: error.name, errorMessage: error.message, stackTrace: (error.stack ?? '').split('\n') };
  const line = { timestamp: new Date().toISOString(), level, requestId, message, ...about };
  try {
    return JSON.stringify(line);
  } catch {
    // What JSON cannot hold (a cycle, a BigInt) is written as text.
    return JSON.stringify({ ...line, message: format(first) });
  }
}

/** One log event is one line of the pipe: line ends within it travel as carriage returns. */
function writeLine(text) {
  process.stdout.write(`${text.replaceAll('\n', '\r')}\n`);
}

function usedMemoryMiB() {
  return Math.ceil(process.memoryUsage.rss() / 1_048_576);
}

function round(value) {
  return Math.round(value * 100) / 100;
}
