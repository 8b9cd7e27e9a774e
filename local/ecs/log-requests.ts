import type { Cloud } from '../core/service.ts';
import type { LogLine, LogOrder } from '../hosts/protocol.ts';

/** Makes a container's log stream; idempotent. Answers the refusal, undefined when there is none. */
export async function openLog(cloud: Cloud, log: LogOrder): Promise<string | undefined> {
  if (log.createGroup) {
    const refusal = await attempt(cloud, 'CreateLogGroup', { logGroupName: log.group });
    if (refusal !== undefined) return refusal;
  }
  return attempt(cloud, 'CreateLogStream', { logGroupName: log.group, logStreamName: log.stream });
}

/** Stores lines of a container's output. */
export async function appendLog(cloud: Cloud, log: LogOrder, lines: readonly LogLine[]): Promise<string | undefined> {
  return attempt(cloud, 'PutLogEvents', { logGroupName: log.group, logStreamName: log.stream, logEvents: lines });
}

async function attempt(cloud: Cloud, operation: string, input: object): Promise<string | undefined> {
  try {
    await cloud.call('logs', operation, input);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The stream is there from an earlier try.
    if (error.name === 'ResourceAlreadyExistsException') return undefined;
    // The agent is told, as docker's log driver would be.
    return `${error.name}: ${error.message}`;
  }
}
