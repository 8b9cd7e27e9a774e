import { join } from 'node:path';
import { type Chaos, ChaosRefusal } from '../core/chaos.ts';
import { DurableMap } from '../core/durable-map.ts';
import { readerOf } from '../core/read-chaos-input.ts';
import type { CallToAuthorize, ServiceName } from '../core/service.ts';
import { awsBucketsOf, type BucketUse, SERVICES_WITH_BUCKETS } from './aws-buckets.ts';
import { throttlingError } from './throttling-error.ts';
import { type BucketLevel, type BucketSize, takeTokens } from './token-bucket.ts';

/** Looks at every call that is about to be made. @throws AwsError in the service's words when there were too many */
export type Throttle = (call: CallToAuthorize) => void;

/** The buckets of the account, off until the operator turns them on. */
export interface Throttling extends Chaos {
  readonly throttle: Throttle;
}

interface Options {
  readonly dataFolder: string;
  /** Whether the cloud has such an operation. */
  readonly hasOperation: (service: string, operation: string) => service is ServiceName;
  /** What the cloud does by itself counts for nobody's account. */
  readonly cloudItself: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** The one key that is no `<service> <operation>`. */
const AWS = 'aws';

/** Settings outlive a kill -9; the buckets are full after it. */
export function openThrottling({ dataFolder, hasOperation, cloudItself, now = Date.now }: Options): Throttling {
  const settings = new DurableMap<BucketSize | true>(join(dataFolder, 'chaos', 'throttle.jsonl'));
  const levels = new Map<string, BucketLevel>();
  const off = (): void => {
    for (const key of settings.keys()) settings.delete(key);
    levels.clear();
  };
  return {
    throttle: ({ caller, service, operation, input }) => {
      if (settings.size === 0 || caller.accessKeyId === cloudItself) return;
      const uses = usesOf(settings, { service, operation, input });
      if (!takeAll(levels, uses, now())) throw throttlingError(service);
    },
    verbs: {
      'throttle/on': (input) => {
        readerOf(input, []);
        settings.set(AWS, true);
        return `Calls of ${SERVICES_WITH_BUCKETS.join(', ')} are throttled with AWS's buckets`;
      },
      'throttle/set': (input) => {
        const reader = readerOf(input, ['service', 'operation', 'burst', 'ratePerSecond']);
        const [service, operation] = [reader.text('service'), reader.text('operation')];
        if (!hasOperation(service, operation))
          throw new ChaosRefusal(
            `${service} ${operation} is no operation of this cloud; an example is ecs RunTask`,
            404,
          );
        const size = {
          burst: reader.number('burst', { min: 1, max: 10_000 }),
          ratePerSecond: reader.number('ratePerSecond', { min: 0, max: 10_000 }),
        };
        settings.set(keyOf(service, operation), size);
        levels.delete(keyOf(service, operation));
        return describeBucket(keyOf(service, operation), size);
      },
      'throttle/off': (input) => {
        readerOf(input, []);
        off();
        return 'No call is throttled';
      },
    },
    show: () =>
      settings.keys().map((key) => {
        const size = settings.get(key);
        return size === true || size === undefined
          ? `Calls of ${SERVICES_WITH_BUCKETS.join(', ')} are throttled with AWS's buckets`
          : describeBucket(key, size);
      }),
    calm: off,
  };
}

/** A bucket that the operator set stands in place of AWS's. */
function usesOf(
  settings: DurableMap<BucketSize | true>,
  { service, operation, input }: Pick<CallToAuthorize, 'service' | 'operation' | 'input'>,
): readonly BucketUse[] {
  const key = keyOf(service, operation);
  const own = settings.get(key);
  if (own !== undefined && own !== true) return [{ key, size: own, tokens: 1 }];
  return settings.has(AWS) ? awsBucketsOf(service, operation, input) : [];
}

/** A call that one bucket refuses takes nothing from the others. */
function takeAll(levels: Map<string, BucketLevel>, uses: readonly BucketUse[], now: number): boolean {
  const taken = uses.map(({ key, size, tokens }) => ({ key, ...takeTokens(levels.get(key), size, { tokens, now }) }));
  if (taken.some(({ isTaken }) => !isTaken)) return false;
  for (const { key, level } of taken) levels.set(key, level);
  return true;
}

function keyOf(service: string, operation: string): string {
  return `${service} ${operation}`;
}

function describeBucket(key: string, { burst, ratePerSecond }: BucketSize): string {
  return `${key} is throttled: ${burst} at once, then ${ratePerSecond} a second`;
}
