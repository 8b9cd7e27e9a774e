import type {
  FilteredLogEvent,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import type { LogEvent } from './log-file.ts';
import { findGroup, findStream, groupNameOf, type LogStore, type LogStreamRecord, streamsOf } from './log-store.ts';

const DAY_MS = 86_400_000;
const DEFAULT_LIMIT = 10_000;

/** A place in a stream's order, as the tokens carry it. */
interface Place {
  readonly timestamp: number;
  readonly sequence: number;
}

/** GetLogEvents and FilterLogEvents. */
export function createQueryHandlers(store: LogStore): Handlers {
  return {
    GetLogEvents: (input: GetLogEventsRequest) => getEvents(store, input),
    FilterLogEvents: (input: FilterLogEventsRequest) => filterEvents(store, input),
  };
}

function getEvents(store: LogStore, input: GetLogEventsRequest): GetLogEventsResponse {
  refuseMembers(input, {
    operation: 'logs GetLogEvents',
    members: [
      'logGroupName',
      'logGroupIdentifier',
      'logStreamName',
      'startTime',
      'endTime',
      'nextToken',
      'limit',
      'startFromHead',
    ],
  });
  const group = groupNameOf(input.logGroupName, input.logGroupIdentifier);
  const events = readKept(store, findStream(store, group, input.logStreamName ?? ''), input);
  const page = cutPage(events, input);
  const asked = input.nextToken === undefined ? undefined : parseToken(input.nextToken).place;
  const nowhere = asked ?? { timestamp: 0, sequence: 0 };
  return {
    events: page.map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
    nextForwardToken: `f/${formatPlace(page.at(-1) ?? nowhere)}`,
    nextBackwardToken: `b/${formatPlace(page[0] ?? nowhere)}`,
  };
}

function cutPage(events: readonly LogEvent[], input: GetLogEventsRequest): LogEvent[] {
  const limit = input.limit ?? DEFAULT_LIMIT;
  if (input.nextToken === undefined) {
    return input.startFromHead === true ? events.slice(0, limit) : events.slice(-limit);
  }
  const { direction, place } = parseToken(input.nextToken);
  return direction === 'f'
    ? events.filter((event) => comparePlaces(event, place) > 0).slice(0, limit)
    : events.filter((event) => comparePlaces(event, place) < 0).slice(-limit);
}

function filterEvents(store: LogStore, input: FilterLogEventsRequest): FilterLogEventsResponse {
  refuseMembers(input, {
    operation: 'logs FilterLogEvents',
    members: [
      'logGroupName',
      'logGroupIdentifier',
      'logStreamNames',
      'logStreamNamePrefix',
      'startTime',
      'endTime',
      'filterPattern',
      'nextToken',
      'limit',
      'interleaved',
    ],
  });
  const matches = compileFilterPattern(input.filterPattern ?? '');
  const found = searchedStreams(store, input)
    .flatMap((stream) => readKept(store, stream, input).map((event) => ({ event, stream: stream.name })))
    .filter(({ event }) => matches(event.message))
    .sort(
      (a, b) =>
        a.event.timestamp - b.event.timestamp || compareText(a.stream, b.stream) || a.event.sequence - b.event.sequence,
    )
    .map(({ event, stream }) => toFiltered(event, stream));
  // The token is the id of the last event that was answered.
  const start = input.nextToken === undefined ? 0 : found.findIndex(({ eventId }) => eventId === input.nextToken) + 1;
  const page = found.slice(start, start + (input.limit ?? DEFAULT_LIMIT));
  const last = page.at(-1)?.eventId;
  return {
    events: page,
    searchedLogStreams: [],
    ...(start + page.length < found.length && last !== undefined ? { nextToken: last } : {}),
  };
}

function searchedStreams(store: LogStore, input: FilterLogEventsRequest): LogStreamRecord[] {
  const group = findGroup(store, groupNameOf(input.logGroupName, input.logGroupIdentifier)).name;
  if (input.logStreamNames !== undefined) return input.logStreamNames.map((name) => findStream(store, group, name));
  return streamsOf(store, group).filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''));
}

function toFiltered(event: LogEvent, stream: string): FilteredLogEvent {
  return {
    logStreamName: stream,
    timestamp: event.timestamp,
    message: event.message,
    ingestionTime: event.ingestedAt,
    eventId: `${formatPlace(event)}/${stream}`,
  };
}

/** The events in the asked span (start included, end excluded) that the group's retention still keeps. */
function readKept(
  store: LogStore,
  stream: LogStreamRecord,
  span: { readonly startTime?: number | undefined; readonly endTime?: number | undefined },
): LogEvent[] {
  const { retentionDays } = findGroup(store, stream.group);
  const keptFrom = retentionDays === undefined ? 0 : store.now() - retentionDays * DAY_MS;
  const start = Math.max(keptFrom, span.startTime ?? 0);
  const end = span.endTime ?? Number.POSITIVE_INFINITY;
  return store
    .file(stream)
    .read()
    .filter(({ timestamp }) => timestamp >= start && timestamp < end);
}

function parseToken(token: string): { direction: string; place: Place } {
  const [, direction, timestamp, sequence] = /^([fb])\/(\d+)\/(\d+)$/.exec(token) ?? [];
  if (direction === undefined) {
    throw new AwsError('InvalidParameterException', `The specified nextToken is invalid: ${token}`);
  }
  return { direction, place: { timestamp: Number(timestamp), sequence: Number(sequence) } };
}

function formatPlace(place: Place): string {
  return `${place.timestamp}/${place.sequence}`;
}

function comparePlaces(a: Place, b: Place): number {
  return a.timestamp - b.timestamp || a.sequence - b.sequence;
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
