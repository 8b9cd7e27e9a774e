import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { logStreamOf } from '../model/broker/node-task.ts';
import type { TaskLogs } from '../ports/task-logs.ts';
import { awsCall, TaskLogsError } from './operating-errors.ts';

const mostLines = 100;

/** Well within the 15 s of the functions that ask, for any number of logs at once: one that does not answer is no reason to fail. */
const patienceMs = 4_000;

/** Whatever takes the commands of CloudWatch Logs. */
type Client = Pick<CloudWatchLogsClient, 'send'>;

/** The port TaskLogs on CloudWatch Logs. */
export function createCloudwatchTaskLogs(options: { readonly logGroup: string; readonly client?: Client }): TaskLogs {
  const { logGroup, client = new CloudWatchLogsClient({}) } = options;
  return {
    tail: (task) => {
      const logStreamName = logStreamOf(task);
      const command = new GetLogEventsCommand({
        ...{ logGroupName: logGroup, logStreamName },
        ...{ limit: mostLines, startFromHead: false },
      });
      return awsCall<readonly string[]>(
        async () => {
          const { events = [] } = await client.send(command, { abortSignal: AbortSignal.timeout(patienceMs) });
          return events.map(({ message = '' }) => message);
        },
        // A process that wrote nothing has no stream.
        { asked: `read ${logStreamName}`, as: TaskLogsError, known: { ResourceNotFoundException: () => [] } },
      );
    },
  };
}
