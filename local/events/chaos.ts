import { type Chaos, type ChaosInput, ChaosRefusal } from '../core/chaos.ts';
import { DurableMap } from '../core/durable-map.ts';
import { type InputReader, readerOf } from '../core/read-chaos-input.ts';
import { seededRandom } from '../core/seeded-random.ts';
import type { Clock } from './clock.ts';
import { delaysOfCopies, describeFault, type EventFault } from './event-faults.ts';

/** The events of all kinds that have no fault of their own. */
const ALL = '*';
const HOUR_MS = 3_600_000;
const SHARE = { min: 0, max: 1 };
const SPAN = { min: 0, max: HOUR_MS, isWhole: true };

/** The faults of events, and how the operator sets them. */
export interface EventChaos extends Chaos {
  /** For each copy of an event that comes now how late it is; [0] while nothing is disturbed, [] when it is lost. */
  readonly delaysOf: (detailType: string) => readonly number[];
}

/** Settings outlive a kill -9: a fault that vanished with the crash it is tried with would be none. */
export function openEventChaos(file: string, clock: Clock): EventChaos {
  const faults = new DurableMap<EventFault>(file);
  const choices = new Map<string, () => number>();
  const choicesOf = (key: string, seed: number): (() => number) => {
    const random = choices.get(key) ?? seededRandom(seed);
    choices.set(key, random);
    return random;
  };
  const forget = (keys: readonly string[]): void => {
    for (const key of keys) {
      faults.delete(key);
      choices.delete(key);
    }
  };
  return {
    delaysOf: (detailType) => {
      const key = faults.has(detailType) ? detailType : ALL;
      const fault = faults.get(key);
      return fault === undefined ? [0] : delaysOfCopies(fault, clock.now(), choicesOf(key, fault.seed));
    },
    verbs: {
      'events/set': (input) => {
        const { key, fault } = readFault(input);
        choices.delete(key);
        faults.set(key, fault);
        return `${titleOf(key)}: ${describeFault(fault)}`;
      },
      'events/off': (input) => {
        const detailType = readerOf(input, ['detailType']).optionalText('detailType');
        if (detailType !== undefined && !faults.has(detailType))
          throw new ChaosRefusal(`Events of the kind "${detailType}" have no fault of their own`, 404);
        forget(detailType === undefined ? faults.keys() : [detailType]);
        return `${detailType === undefined ? 'All events' : titleOf(detailType)} come as they should; what is held back still comes late`;
      },
    },
    show: () =>
      faults.keys().flatMap((key) => {
        const fault = faults.get(key);
        return fault === undefined ? [] : [`${titleOf(key)}: ${describeFault(fault)}`];
      }),
    calm: () => forget(faults.keys()),
  };
}

function readFault(input: ChaosInput): { readonly key: string; readonly fault: EventFault } {
  const reader = readerOf(input, ['detailType', 'minDelayMs', 'maxDelayMs', 'duplicate', 'drop', 'shuffleMs', 'seed']);
  const fault: EventFault = {
    delayMs: readDelay(reader),
    duplicate: reader.optionalNumber('duplicate', SHARE) ?? 0,
    drop: reader.optionalNumber('drop', SHARE) ?? 0,
    shuffleMs: reader.optionalNumber('shuffleMs', SPAN) ?? 0,
    seed: reader.optionalNumber('seed', { min: 0, max: 4_294_967_295, isWhole: true }) ?? 1,
  };
  if (fault.delayMs.max === 0 && fault.duplicate === 0 && fault.drop === 0 && fault.shuffleMs === 0)
    throw new ChaosRefusal(
      'No fault is given; give at least one of a delay, duplicate, drop and shuffleMs, more than 0',
    );
  return { key: reader.optionalText('detailType') ?? ALL, fault };
}

function readDelay(reader: InputReader): EventFault['delayMs'] {
  const min = reader.optionalNumber('minDelayMs', SPAN) ?? 0;
  const max = reader.optionalNumber('maxDelayMs', SPAN) ?? min;
  if (min > max) throw new ChaosRefusal(`minDelayMs is ${min}, more than maxDelayMs, which is ${max}`);
  return { min, max };
}

function titleOf(key: string): string {
  return key === ALL ? 'All events' : `Events of the kind "${key}"`;
}
