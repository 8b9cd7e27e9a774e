import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DurableMap } from '../core/durable-map.ts';
import type { ChangeSetRecord, ResourceRecord, StackEventRecord, StackRecord } from './records.ts';

/** What an event says beside its stack and time. */
type EventFacts = Omit<StackEventRecord, 'id' | 'stackId' | 'stackName' | 'at' | 'operationId' | 'clientRequestToken'>;

/** All that the service must still know after a crash. */
export interface Store {
  readonly now: () => number;
  /** By id, also when deleted; by name only while it exists. */
  readonly findStack: (nameOrId: string) => StackRecord | undefined;
  readonly stacks: () => readonly StackRecord[];
  readonly saveStack: (stack: StackRecord) => void;
  readonly resources: (stackId: string) => readonly ResourceRecord[];
  readonly resource: (stackId: string, logicalId: string) => ResourceRecord | undefined;
  readonly saveResource: (resource: ResourceRecord) => void;
  readonly removeResource: (stackId: string, logicalId: string) => void;
  /** Newest first. */
  readonly events: (stackId: string) => readonly StackEventRecord[];
  readonly addEvent: (stack: StackRecord, facts: EventFacts) => void;
  readonly changeSets: (stackId: string) => readonly ChangeSetRecord[];
  readonly saveChangeSet: (changeSet: ChangeSetRecord) => void;
  readonly removeChangeSet: (id: string) => void;
}

/** Opens the store in the cloud's data folder. `now` is the clock in epoch milliseconds. */
export function openStore(dataFolder: string, now: () => number): Store {
  const folder = join(dataFolder, 'cloudformation');
  const stacks = new DurableMap<StackRecord>(join(folder, 'stacks.jsonl'));
  const resources = new DurableMap<ResourceRecord>(join(folder, 'resources.jsonl'));
  const changeSets = new DurableMap<ChangeSetRecord>(join(folder, 'change-sets.jsonl'));
  return {
    now,
    findStack: (nameOrId) =>
      stacks.get(nameOrId) ??
      stacks.values().find((stack) => stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE'),
    stacks: () => stacks.values(),
    saveStack: (stack) => stacks.set(stack.id, stack),
    resources: (stackId) => resources.values().filter((resource) => resource.stackId === stackId),
    resource: (stackId, logicalId) => resources.get(resourceKey(stackId, logicalId)),
    saveResource: (resource) => resources.set(resourceKey(resource.stackId, resource.logicalId), resource),
    removeResource: (stackId, logicalId) => void resources.delete(resourceKey(stackId, logicalId)),
    ...openEvents(join(folder, 'events.jsonl'), now),
    changeSets: (stackId) => changeSets.values().filter((changeSet) => changeSet.stackId === stackId),
    saveChangeSet: (changeSet) => changeSets.set(changeSet.id, changeSet),
    removeChangeSet: (id) => void changeSets.delete(id),
  };
}

function resourceKey(stackId: string, logicalId: string): string {
  return `${stackId}#${logicalId}`;
}

function openEvents(file: string, now: () => number): Pick<Store, 'events' | 'addEvent'> {
  const events = new DurableMap<StackEventRecord>(file);
  let lastAt = events.values().reduce((latest, event) => Math.max(latest, event.at), 0);
  return {
    events: (stackId) =>
      events
        .values()
        .filter((event) => event.stackId === stackId)
        .reverse(),
    addEvent: (stack, facts) => {
      // Readers order events by time, so no two share a millisecond.
      lastAt = Math.max(now(), lastAt + 1);
      const id = `${facts.logicalId}-${randomUUID()}`;
      const { operation } = stack;
      events.set(id, {
        ...facts,
        id,
        stackId: stack.id,
        stackName: stack.name,
        at: lastAt,
        ...(operation === undefined ? {} : { operationId: operation.id }),
        ...(operation?.clientRequestToken === undefined ? {} : { clientRequestToken: operation.clientRequestToken }),
      });
    },
  };
}
