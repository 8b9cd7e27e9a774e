import { join } from 'node:path';
import type { Cloud, LocalService } from '../core/service.ts';
import { openEventChaos } from './chaos.ts';
import { type Clock, systemClock } from './clock.ts';
import { createDispatcher } from './dispatcher.ts';
import { wrapEvent } from './event-envelope.ts';
import { createEventHandlers } from './put-events.ts';
import { openRuleStore } from './rule-store.ts';
import { createRuleHandlers } from './rules.ts';
import { createScheduler } from './scheduler.ts';
import { createTargetHandlers } from './targets.ts';

/** EventBridge's default bus: rules, targets, schedules, and `accept` for the events of the local services. */
export function createEventsService(cloud: Cloud, clock: Clock = systemClock): LocalService {
  const store = openRuleStore(cloud, clock);
  const chaos = openEventChaos(join(cloud.dataFolder, 'events', 'faults.jsonl'), clock);
  const dispatcher = createDispatcher(store, chaos);
  const scheduler = createScheduler(store, dispatcher);
  let isStarted = false;
  const planWhenStarted = (): void => {
    if (isStarted) scheduler.plan();
  };
  return {
    name: 'events',
    handlers: {
      ...createRuleHandlers(store, planWhenStarted),
      ...createTargetHandlers(store),
      ...createEventHandlers(store, dispatcher),
    },
    chaos,
    accept: (event) => dispatcher.dispatch(wrapEvent(cloud, event)),
    start: () => {
      isStarted = true;
      dispatcher.start();
      scheduler.plan();
    },
    stop: () => {
      isStarted = false;
      chaos.calm();
      dispatcher.stop();
      scheduler.stop();
    },
  };
}
