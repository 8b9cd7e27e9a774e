import { kafkaDefinitions } from '../kafka/definitions.ts';
import type { Refusal } from '../refusal.ts';
import { kafkaVersionOf } from './config.ts';
import { optionSchema } from './option-schema.ts';
import type { ServiceOptions } from './options.ts';
import { defaultPackageVersion } from './package-version.ts';
import { readKafkaSection } from './read-kafka-section.ts';
import { readSection } from './read-section.ts';
import { cleanerThreadsHaveMemory } from './validate/cleaner-threads-have-memory.ts';
import { heapIsSmallerThanMemory } from './validate/heap-is-smaller-than-memory.ts';
import { kafkaValuesAreOrdered } from './validate/kafka-values-are-ordered.ts';
import { optionIsKnown } from './validate/option-is-known.ts';
import type { OptionRule } from './validate/option-rule.ts';
import { packageVersionIsSupported } from './validate/package-version-is-supported.ts';
import { portsDiffer } from './validate/ports-differ.ts';
import { replicationFitsTheBrokers } from './validate/replication-fits-the-brokers.ts';
import { sectionIsAnObject } from './validate/section-is-an-object.ts';
import { topicsCanBeWritten } from './validate/topics-can-be-written.ts';

export type ResolvedOptions =
  | { readonly type: 'resolved'; readonly options: ServiceOptions }
  | { readonly type: 'refused'; readonly refusals: readonly Refusal[] };

/** Rules over the whole document, each in the file of its name; the last ones also read Kafka's defaults. */
const rules: readonly OptionRule[] = [
  heapIsSmallerThanMemory,
  portsDiffer,
  replicationFitsTheBrokers,
  topicsCanBeWritten,
  cleanerThreadsHaveMemory,
  kafkaValuesAreOrdered,
];

/**
 * Fills an options document with defaults and checks all of it: every refusal is answered at once.
 * `undefined` is a document without options.
 */
export function resolveOptions(document: unknown, packageVersion: string): ResolvedOptions {
  const versionRefusals = packageVersionIsSupported(packageVersion);
  // Under a version that is refused the Kafka section is still read, so that its errors are shown too.
  const kafkaVersion = kafkaVersionOf(versionRefusals.length === 0 ? packageVersion : defaultPackageVersion);
  const root = sectionIsAnObject([], document);
  const service = readSection(optionSchema.service, ['service'], root.value['service']);
  const brokers = readSection(optionSchema.brokers, ['brokers'], root.value['brokers']);
  const controllers = readSection(optionSchema.controllers, ['controllers'], root.value['controllers']);
  const kafka = readKafkaSection(kafkaVersion, root.value['kafka']);
  const refusals = [
    ...versionRefusals,
    ...root.refusals,
    ...optionIsKnown([], root.value, Object.keys(optionSchema)),
    ...[service, brokers, controllers, kafka].flatMap((reading) => reading.refusals),
  ];
  const options: ServiceOptions = {
    service: service.value,
    brokers: brokers.value,
    controllers: { ...controllers.value, mode: 'dedicated' },
    kafka: kafka.value,
  };
  const all = [...refusals, ...conflictsOf(options, { refusals, kafkaVersion })];
  return all.length === 0 ? { type: 'resolved', options } : { type: 'refused', refusals: all };
}

function conflictsOf(
  options: ServiceOptions,
  { refusals, kafkaVersion }: { readonly refusals: readonly Refusal[]; readonly kafkaVersion: string },
): readonly Refusal[] {
  const refused = new Set(refusals.map(({ pointer }) => pointer));
  return rules
    .flatMap((rule) => rule(options, kafkaDefinitions(kafkaVersion)))
    .filter(({ reads }) => !reads.some((pointer) => refused.has(pointer)))
    .map(({ refusal }) => refusal);
}
