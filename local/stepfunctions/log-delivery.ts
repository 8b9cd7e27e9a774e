import { createHash } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud } from '../core/service.ts';
import type { ExecutionHeader } from './execution-journal.ts';
import { withoutData } from './history-view.ts';
import type { HistoryEvent } from './interpreter/history-event.ts';
import type { LoggingConfiguration } from './state-machine.ts';

/** Sends events of the history to CloudWatch Logs, as a machine's logging configuration asks. */
export interface LogDelivery {
  /** Begins the delivery; it is best effort, as on AWS. */
  readonly deliver: (header: ExecutionHeader, events: readonly HistoryEvent[]) => void;
  /** Resolves when all that was begun has ended. */
  readonly settled: () => Promise<void>;
}

type FindConfiguration = (stateMachineArn: string) => LoggingConfiguration | undefined;

/** Delivery that keeps the order of the events of all executions. */
export function createLogDelivery(cloud: Pick<Cloud, 'call' | 'log'>, find: FindConfiguration): LogDelivery {
  let last: Promise<void> = Promise.resolve();
  return {
    deliver: (header, events) => {
      const configuration = find(header.stateMachineArn);
      const group = groupNameOf(configuration);
      const wanted = events.filter(({ type }) => isWanted(configuration?.level ?? 'OFF', type));
      if (configuration === undefined || group === undefined || wanted.length === 0) return;
      const messages = wanted.map((event) => ({
        timestamp: event.timestamp,
        message: messageOf(header, configuration.includeExecutionData === true ? event : withoutData(event)),
      }));
      last = last.then(() => put(cloud, { group, stream: streamNameOf(header), messages }));
    },
    settled: () => last,
  };
}

/** The log group's name; a logging configuration names it by an ARN that may end with `:*`. */
function groupNameOf(configuration: LoggingConfiguration | undefined): string | undefined {
  const arn = configuration?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  return arn === undefined ? undefined : /:log-group:([^:]+)/.exec(arn)?.[1];
}

/** Source: Step Functions developer guide, log levels. */
function isWanted(level: NonNullable<LoggingConfiguration['level']>, type: string): boolean {
  switch (level) {
    case 'ALL':
      return true;
    case 'ERROR':
      return /(Failed|TimedOut|Aborted)$/.test(type) || type === 'FailStateEntered';
    case 'FATAL':
      return /^Execution(Failed|TimedOut|Aborted)$/.test(type);
    case 'OFF':
      return false;
  }
}

function messageOf(header: ExecutionHeader, event: HistoryEvent): string {
  return JSON.stringify({
    id: String(event.id),
    type: event.type,
    details: event.details?.value ?? {},
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestamp),
    execution_arn: header.executionArn,
    redrive_count: '0',
  });
}

function streamNameOf({ stateMachineName, startedAt, executionArn }: ExecutionHeader): string {
  const minute = new Date(startedAt).toISOString().slice(0, 16).replaceAll(/[T:]/g, '-');
  return `states/${stateMachineName}/${minute}/${createHash('sha256').update(executionArn).digest('hex').slice(0, 8)}`;
}

interface Delivery {
  readonly group: string;
  readonly stream: string;
  readonly messages: readonly { readonly timestamp: number; readonly message: string }[];
}

async function put(cloud: Pick<Cloud, 'call' | 'log'>, delivery: Delivery): Promise<void> {
  const place = { logGroupName: delivery.group, logStreamName: delivery.stream };
  try {
    await createStream(cloud, place);
    await cloud.call('logs', 'PutLogEvents', { ...place, logEvents: delivery.messages });
  } catch (error) {
    // An execution does not fail for its log: AWS calls the delivery best effort. What was lost is said here.
    cloud.log(`Step Functions: ${delivery.messages.length} events did not reach ${delivery.group}: ${String(error)}`);
  }
}

async function createStream(cloud: Pick<Cloud, 'call'>, place: object): Promise<void> {
  try {
    await cloud.call('logs', 'CreateLogStream', place);
  } catch (error) {
    // All but the first events of a stream find it there.
    if (!(error instanceof AwsError) || error.name !== 'ResourceAlreadyExistsException') throw error;
  }
}
