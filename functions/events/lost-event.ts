import type { EventBridgeEvent } from 'aws-lambda';
import type { LostEventKind } from '../../lib/ports/dead-letters.ts';
import { eventTypes } from './events-handler.ts';

/** A letter holds nothing that we could take up: it stays in its queue, and health says why. */
class UnreadableLetterError extends Error {
  override readonly name = 'UnreadableLetter';
  readonly code = 'WARDEN_UNREADABLE_LETTER';
  readonly retriable = false;
}

/** EventBridge's own event of the schedule, or what the rule makes of it: whoever reads it is the sweep that it would have started. */
function isOfSchedule(letter: unknown): boolean {
  return fieldOf(letter, 'detail-type') === 'Scheduled Event' || fieldOf(letter, 'v') !== undefined;
}

/**
 * The event in a dead letter; undefined for a lost start of the sweep. EventBridge keeps the event itself, Lambda a record
 * with the event as its `requestPayload`. Source: Lambda developer guide, destinations of asynchronous invocations.
 * @throws UnreadableLetterError for what is no event of the rules
 */
export function lostEvent(holds: LostEventKind, body: string): EventBridgeEvent<string, unknown> | undefined {
  const letter = parse(body);
  if (holds === 'undelivered' && isOfSchedule(letter)) return undefined;
  const event = holds === 'failed' ? fieldOf(letter, 'requestPayload') : letter;
  const type = fieldOf(event, 'detail-type');
  if (typeof type !== 'string' || !eventTypes.includes(type)) {
    throw new UnreadableLetterError(`no event of ours: ${body.slice(0, 200)}`);
  }
  return event as EventBridgeEvent<string, unknown>;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new UnreadableLetterError(`no JSON: ${body.slice(0, 200)}`);
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
