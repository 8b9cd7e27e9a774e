import { type EventPattern, matchesPattern, parseEventPattern } from '../../../local/events/event-pattern.ts';
import { nextFiring, parseSchedule } from '../../../local/events/schedule.ts';
import { type Emit, type EmittedEvent, type Random, type SimulatedClock, simulatedPlace } from '../contract.ts';
import type { Faults } from '../faults/faults.ts';
import type { Story } from '../kernel/story.ts';
import type { StackRule } from './stack.ts';

export interface EventBus {
  readonly emit: Emit;
  /** Begins the schedules of the rules. */
  start(): void;
}

interface Rule extends StackRule {
  readonly compiled?: EventPattern;
}

const shortestDelayMs = 20;
const delaySpreadMs = 900;
const longestDelayMs = 240_000;

/** EventBridge with the rules of the template: every event at least once, in no order, as the faults will have it. */
export function createEventBus(world: {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly story: Story;
  readonly rules: readonly StackRule[];
  readonly newId: () => string;
  /** Hands an event's text to the target of this ARN. */
  readonly deliver: (targetArn: string, text: string) => void;
  /** Takes an event that could not be delivered, as the dead-letter queue of its rule does. */
  readonly onUndelivered: (text: string) => void;
}): EventBus {
  const { clock, random, faults, story, newId, deliver, onUndelivered } = world;
  const rules: readonly Rule[] = world.rules.map((rule) =>
    rule.pattern === undefined ? rule : { ...rule, compiled: parseEventPattern(rule.pattern) },
  );
  const send = (rule: Rule, text: string, delayMs: number) => {
    clock.after(delayMs, `event of ${rule.name}`, () => {
      for (const { arn, input } of rule.targets) deliver(arn, input ?? text);
    });
  };
  const soon = () => (faults.eventsComeAtOnce ? 0 : shortestDelayMs + random.below(delaySpreadMs));
  return {
    emit(emitted) {
      const event = envelope(emitted, { id: newId(), now: clock.now() });
      for (const rule of rules) {
        if (rule.compiled === undefined || !matchesPattern(rule.compiled, event)) continue;
        const fault = faults.ofEvent(event['detail-type']);
        story.tell(`event ${describe(emitted)}${fault === 'none' ? '' : ` FAULT ${fault}`}`);
        const text = JSON.stringify(event);
        if (fault === 'event dropped') continue;
        if (fault === 'event undelivered') {
          onUndelivered(text);
          continue;
        }
        send(rule, text, fault === 'event delayed' ? random.below(longestDelayMs) : soon());
        if (fault === 'event duplicated') send(rule, text, random.below(longestDelayMs));
      }
    },
    start() {
      for (const rule of rules) {
        if (rule.schedule === undefined) continue;
        const schedule = parseSchedule(rule.schedule);
        const fire = () => {
          for (const { arn, input = '{}' } of rule.targets) deliver(arn, input);
          plan();
        };
        const plan = () => {
          const now = clock.now();
          clock.after((nextFiring(schedule, now) ?? now) - now, rule.name, fire);
        };
        clock.after(random.below(300_000), rule.name, fire);
      }
    },
  };
}

function envelope(emitted: EmittedEvent, { id, now }: { readonly id: string; readonly now: number }) {
  return {
    version: '0',
    id,
    'detail-type': emitted.detailType,
    source: emitted.source,
    account: simulatedPlace.accountId,
    time: new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: simulatedPlace.region,
    resources: emitted.resources,
    detail: emitted.detail,
  };
}

function describe({ detailType, detail }: EmittedEvent): string {
  const fields: Readonly<Record<string, unknown>> = Object(detail);
  const telling = [
    'startedBy',
    'lastStatus',
    'version',
    'stopCode',
    'name',
    'status',
    'ec2InstanceId',
    'instance-id',
    'state',
  ];
  return [detailType, ...telling.flatMap((name) => (fields[name] === undefined ? [] : String(fields[name])))].join(' ');
}
