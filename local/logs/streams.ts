import type {
  CreateLogStreamRequest,
  DeleteLogStreamRequest,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  InputLogEvent,
  LogStream,
  PutLogEventsRequest,
  PutLogEventsResponse,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import {
  findGroup,
  findStream,
  groupArn,
  groupNameOf,
  type LogStore,
  type LogStreamRecord,
  streamKey,
  streamsOf,
} from './log-store.ts';

const HOUR_MS = 3_600_000;
const MAX_BATCH_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
/** Each event counts this much beside its message. */
const EVENT_OVERHEAD_BYTES = 26;

/** The operations on log streams, and PutLogEvents. */
export function createStreamHandlers(store: LogStore): Handlers {
  return {
    CreateLogStream: (input: CreateLogStreamRequest) => createStream(store, input),
    DeleteLogStream: (input: DeleteLogStreamRequest) => {
      store.removeStream(findStream(store, input.logGroupName ?? '', input.logStreamName ?? ''));
      return {};
    },
    DescribeLogStreams: (input: DescribeLogStreamsRequest) => describeStreams(store, input),
    PutLogEvents: (input: PutLogEventsRequest) => putEvents(store, input),
  };
}

function createStream(store: LogStore, input: CreateLogStreamRequest): object {
  const group = findGroup(store, input.logGroupName ?? '').name;
  const name = input.logStreamName ?? '';
  if (!/^[^:*\s]{1,512}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterException',
      `Value '${name}' at 'logStreamName' failed to satisfy constraint: 1 to 512 characters without : and * and blanks`,
    );
  }
  if (store.streams.has(streamKey(group, name))) {
    throw new AwsError(
      'ResourceAlreadyExistsException',
      `The specified log stream already exists: ${name} in ${group}`,
    );
  }
  store.streams.set(streamKey(group, name), { group, name, createdAt: store.now() });
  return {};
}

function describeStreams(store: LogStore, input: DescribeLogStreamsRequest): DescribeLogStreamsResponse {
  const group = findGroup(store, groupNameOf(input.logGroupName, input.logGroupIdentifier)).name;
  const byTime = input.orderBy === 'LastEventTime';
  if (byTime && input.logStreamNamePrefix !== undefined) {
    throw new AwsError('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const found = streamsOf(store, group)
    .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
    .map((stream) => describeStream(store, stream));
  if (byTime) found.sort((a, b) => (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0));
  if (input.descending === true) found.reverse();
  const start = input.nextToken === undefined ? 0 : Number(input.nextToken);
  const end = start + (input.limit ?? 50);
  return { logStreams: found.slice(start, end), ...(end < found.length ? { nextToken: String(end) } : {}) };
}

function describeStream(store: LogStore, stream: LogStreamRecord): LogStream {
  const summary = store.file(stream).summary();
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    ...(summary.firstTimestamp === undefined ? {} : { firstEventTimestamp: summary.firstTimestamp }),
    ...(summary.lastTimestamp === undefined ? {} : { lastEventTimestamp: summary.lastTimestamp }),
    ...(summary.lastIngestedAt === undefined ? {} : { lastIngestionTime: summary.lastIngestedAt }),
    arn: `${groupArn(store, stream.group)}:log-stream:${stream.name}`,
    storedBytes: summary.storedBytes,
  };
}

function putEvents(store: LogStore, input: PutLogEventsRequest): PutLogEventsResponse {
  refuseMembers(input, {
    operation: 'logs PutLogEvents',
    members: ['logGroupName', 'logStreamName', 'logEvents', 'sequenceToken'],
  });
  const stream = findStream(store, input.logGroupName ?? '', input.logStreamName ?? '');
  const events = (input.logEvents ?? []).map(toStored);
  checkBatch(events);
  const now = store.now();
  const isTooOld = ({ timestamp }: { timestamp: number }): boolean => timestamp < now - 14 * 24 * HOUR_MS;
  const isTooNew = ({ timestamp }: { timestamp: number }): boolean => timestamp > now + 2 * HOUR_MS;
  const tooOldEnd = events.findLastIndex(isTooOld) + 1;
  const tooNewStart = events.findIndex(isTooNew);
  const taken = events.slice(tooOldEnd, tooNewStart === -1 ? events.length : tooNewStart);
  if (taken.length > 0) store.file(stream).append(taken, now);
  const rejected: RejectedLogEventsInfo = {
    ...(tooOldEnd > 0 ? { tooOldLogEventEndIndex: tooOldEnd } : {}),
    ...(tooNewStart >= 0 ? { tooNewLogEventStartIndex: tooNewStart } : {}),
  };
  return {
    // Sequence tokens have had no meaning since 2023; AWS still answers one.
    nextSequenceToken: String(now),
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
}

function toStored(event: InputLogEvent): { timestamp: number; message: string } {
  return { timestamp: event.timestamp ?? 0, message: event.message ?? '' };
}

function checkBatch(events: readonly { timestamp: number; message: string }[]): void {
  if (events.length === 0 || events.length > MAX_BATCH_EVENTS) {
    throw new AwsError(
      'InvalidParameterException',
      `logEvents has ${events.length} events; 1 to ${MAX_BATCH_EVENTS} are allowed.`,
    );
  }
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES, 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw new AwsError(
      'InvalidParameterException',
      `Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`,
    );
  }
  const isInOrder = events.every((event, i) => i === 0 || event.timestamp >= (events[i - 1]?.timestamp ?? 0));
  if (!isInOrder) {
    throw new AwsError(
      'InvalidParameterException',
      'Log events in a single PutLogEvents request must be in chronological order.',
    );
  }
}
