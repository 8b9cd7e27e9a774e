import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
  TestEventPatternRequest,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import type { Dispatcher } from './dispatcher.ts';
import { wrapEvent } from './event-envelope.ts';
import { matchesPattern, parseEventPattern } from './event-pattern.ts';
import { checkBus, type RuleStore } from './rule-store.ts';

const MAX_ENTRIES = 10;
const MAX_BYTES = 1_048_576;
const ENVELOPE_MEMBERS = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** PutEvents and TestEventPattern. */
export function createEventHandlers(store: RuleStore, dispatcher: Dispatcher): Handlers {
  return {
    PutEvents: (input: PutEventsRequest) => putEvents(store, dispatcher, input),
    TestEventPattern: (input: TestEventPatternRequest) => testPattern(input),
  };
}

function putEvents(store: RuleStore, dispatcher: Dispatcher, input: PutEventsRequest): PutEventsResponse {
  refuseMembers(input, { operation: 'events PutEvents', members: ['Entries'] });
  const entries = input.Entries ?? [];
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    throw new AwsError(
      'ValidationException',
      `Entries has ${entries.length} members; 1 to ${MAX_ENTRIES} are allowed.`,
    );
  }
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);
  if (bytes > MAX_BYTES) {
    throw new AwsError(
      'ValidationException',
      `Total size of the entries in the request is over the limit: ${bytes} of ${MAX_BYTES} bytes.`,
    );
  }
  const results = entries.map((entry) => putEntry(store, dispatcher, entry));
  return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: results };
}

function putEntry(store: RuleStore, dispatcher: Dispatcher, entry: PutEventsRequestEntry): PutEventsResultEntry {
  refuseMembers(entry, {
    operation: 'events PutEvents',
    members: ['Time', 'Source', 'Resources', 'DetailType', 'Detail', 'EventBusName'],
  });
  checkBus(entry.EventBusName);
  const { Source, DetailType, Detail } = entry;
  if (!Source) return invalid('Source');
  if (Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: `Not authorized for the source: ${Source}.` };
  }
  if (!DetailType) return invalid('DetailType');
  if (!Detail) return invalid('Detail');
  const detail = parseDetail(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time = entry.Time?.getTime() ?? store.clock.now();
  const event = wrapEvent(store.cloud, {
    source: Source,
    detailType: DetailType,
    resources: entry.Resources ?? [],
    time,
    detail,
  });
  dispatcher.dispatch(event);
  return { EventId: event.id };
}

function invalid(member: string): PutEventsResultEntry {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
  };
}

function parseDetail(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail)
      ? (detail as Record<string, unknown>)
      : undefined;
  } catch {
    // The entry is answered as malformed.
    return undefined;
  }
}

function testPattern(input: TestEventPatternRequest): { Result: boolean } {
  const pattern = parseEventPattern(input.EventPattern ?? '');
  const event = parseDetail(input.Event ?? '');
  const missing = ENVELOPE_MEMBERS.filter((name) => event?.[name] === undefined);
  if (event === undefined || missing.length > 0) {
    throw new AwsError(
      'ValidationException',
      `Parameter Event is not valid. Reason: it must be a JSON object with ${ENVELOPE_MEMBERS.join(', ')}; it lacks ${missing.join(', ')}.`,
    );
  }
  return { Result: matchesPattern(pattern, event) };
}
