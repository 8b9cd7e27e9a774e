import type { EventDetails, HistoryEvent } from './interpreter/history-event.ts';

/** Members that hold an execution's data; `…Details` beside them say whether they are cut. */
const dataMembers = new Set([
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'parameters',
  'assignedVariables',
  'assignedVariablesDetails',
]);

/** An event in the form of GetExecutionHistory. */
export function viewEvent(event: HistoryEvent): Readonly<Record<string, unknown>> {
  const { id, previousEventId, type, timestamp, details } = event;
  const view = { id, previousEventId, type, timestamp: new Date(timestamp) };
  return details === undefined ? view : { ...view, [details.name]: details.value };
}

/** The event without the execution's data. The schema wants the parameters of a scheduled task: they become empty. */
export function withoutData(event: HistoryEvent): HistoryEvent {
  if (event.details === undefined) return event;
  const { name, value } = event.details;
  const kept: EventDetails = Object.fromEntries(Object.entries(value).filter(([member]) => !dataMembers.has(member)));
  return { ...event, details: { name, value: 'parameters' in value ? { ...kept, parameters: '' } : kept } };
}
