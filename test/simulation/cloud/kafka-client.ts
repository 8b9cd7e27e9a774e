import { KafkaUnreachableError } from '../../../lib/kafka/kafka-errors.ts';
import type { KafkaAdmin } from '../../../lib/ports/kafka-admin.ts';
import type { CallErrors, ExternalCalls } from './external-calls.ts';
import type { Invocation } from './invocation.ts';

const unreachable = () => new KafkaUnreachableError('no node answered in time');

/** Kafka's client tries once: the steps look again by themselves. */
const errors: CallErrors = {
  throttled: unreachable,
  serverError: unreachable,
  lost: unreachable,
  isPassing: () => false,
};

interface KafkaSide {
  readonly kafka: KafkaAdmin;
  readonly calls: ExternalCalls;
  /** Learns of each call that Kafka served. */
  readonly onKafka: (invocation: Invocation, operation: string, values: readonly unknown[]) => void;
}

/** The port KafkaAdmin over the model of Kafka, in one invocation. */
export function createKafkaClient({ kafka, calls, onKafka }: KafkaSide, invocation: Invocation): KafkaAdmin {
  return new Proxy(kafka, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...values: unknown[]) =>
        calls.make({
          invocation,
          service: 'kafka',
          operation: name,
          about: values.slice(1).map(text).join(' '),
          errors,
          attempts: 1,
          perform: () => {
            onKafka(invocation, name, values);
            return Reflect.apply(member, target, values);
          },
        });
    },
  });
}

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
