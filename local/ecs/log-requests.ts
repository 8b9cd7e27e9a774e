import type { Caller, Cloud } from '../core/service.ts';
import type { LogLine, LogOrder } from '../hosts/protocol.ts';

/** Logs with the rights of the host: docker's log driver uses those of the instance. */
export type LogWriter = Pick<Cloud, 'call'> & { readonly caller: Promise<Caller> };

/** Makes a container's log stream; idempotent. Answers the refusal, undefined when there is none. */
export async function openLog(cloud: LogWriter, log: LogOrder): Promise<string | undefined> {
  if (log.createGroup) {
    const refusal = await attempt(cloud, 'CreateLogGroup', { logGroupName: log.group });
    if (refusal !== undefined) return refusal;
  }
  return attempt(cloud, 'CreateLogStream', { logGroupName: log.group, logStreamName: log.stream });
}

/** Stores lines of a container's output. */
export async function appendLog(
  cloud: LogWriter,
  log: LogOrder,
  lines: readonly LogLine[],
): Promise<string | undefined> {
  return attempt(cloud, 'PutLogEvents', { logGroupName: log.group, logStreamName: log.stream, logEvents: lines });
}

async function attempt(cloud: LogWriter, operation: string, input: object): Promise<string | undefined> {
  try {
    await cloud.call('logs', operation, input, await cloud.caller);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The stream is there from an earlier try.
    if (error.name === 'ResourceAlreadyExistsException') return undefined;
    // The agent is told, as docker's log driver would be.
    return `${error.name}: ${error.message}`;
  }
}
