import type { KafkaDefinition } from '../../kafka/definition.ts';
import type { Refusal } from '../../refusal.ts';
import type { ServiceOptions } from '../options.ts';

/** A refusal that follows from several options together. */
interface Conflict {
  /** Pointers of the options it follows from: when one of them is refused itself, the conflict says nothing. */
  readonly reads: readonly string[];
  readonly refusal: Refusal;
}

/** A rule over the whole document, every field resolved, and the definitions of the Kafka version. */
export type OptionRule = (
  options: ServiceOptions,
  definitions: ReadonlyMap<string, KafkaDefinition>,
) => readonly Conflict[];
