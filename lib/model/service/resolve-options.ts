import { kafkaDefinitions } from '../kafka/definitions.ts';
import type { Refusal } from '../refusal.ts';
import { kafkaVersionOf } from './config.ts';
import { optionSchema } from './option-schema.ts';
import type { ServiceOptions } from './options.ts';
import { defaultPackageVersion } from './package-version.ts';
import { readKafkaSection } from './read-kafka-section.ts';
import { readSection } from './read-section.ts';
import { resolveControllers } from './resolve-controllers.ts';
import { resolvePlacement } from './resolve-placement.ts';
import { resolveStrategy } from './resolve-strategy.ts';
import { shownValue } from './shown-value.ts';
import { cleanerThreadsHaveMemory } from './validate/cleaner-threads-have-memory.ts';
import { failoverDelayIsWithinTheLongest } from './validate/failover-delay-is-within-the-longest.ts';
import { heapIsSmallerThanMemory } from './validate/heap-is-smaller-than-memory.ts';
import { kafkaValuesAreOrdered } from './validate/kafka-values-are-ordered.ts';
import { optionIsKnown } from './validate/option-is-known.ts';
import type { OptionRule } from './validate/option-rule.ts';
import { packageVersionIsSupported } from './validate/package-version-is-supported.ts';
import { portsDiffer } from './validate/ports-differ.ts';
import { replicationFitsTheBrokers } from './validate/replication-fits-the-brokers.ts';
import { sectionIsAnObject } from './validate/section-is-an-object.ts';
import { softLimitIsWithinTheHardLimit } from './validate/soft-limit-is-within-the-hard-limit.ts';
import { topicsCanBeWritten } from './validate/topics-can-be-written.ts';

export type ResolvedOptions =
  | { readonly type: 'resolved'; readonly options: ServiceOptions }
  | {
      readonly type: 'refused';
      readonly refusals: readonly Refusal[];
      /** What could be read of the document; what is refused reads as its default. */
      readonly readable: ServiceOptions;
    };

/** Rules over the whole document, each in the file of its name; the last ones also read Kafka's defaults. */
const rules: readonly OptionRule[] = [
  heapIsSmallerThanMemory,
  softLimitIsWithinTheHardLimit,
  portsDiffer,
  failoverDelayIsWithinTheLongest,
  replicationFitsTheBrokers,
  topicsCanBeWritten,
  cleanerThreadsHaveMemory,
  kafkaValuesAreOrdered,
];

/**
 * Fills an options document with defaults and checks all of it: every refusal is answered at once. What is resolved
 * resolves to itself. `undefined` is a document without options.
 */
export function resolveOptions(document: unknown, packageVersion: string): ResolvedOptions {
  const versionRefusals = packageVersionIsSupported(packageVersion);
  // Under a version that is refused the Kafka section is still read, so that its errors are shown too.
  const kafkaVersion = kafkaVersionOf(versionRefusals.length === 0 ? packageVersion : defaultPackageVersion);
  const root = sectionIsAnObject([], document);
  const service = readSection(optionSchema.service, ['service'], root.value['service']);
  const brokers = readSection(optionSchema.brokers, ['brokers'], root.value['brokers']);
  const controllers = resolveControllers(root.value['controllers'], brokers.value.count);
  const given = sectionIsAnObject(['service'], root.value['service']).value;
  const placement = resolvePlacement(service.value, given);
  const strategy = resolveStrategy(service.value, given);
  const kafka = readKafkaSection(kafkaVersion, root.value['kafka']);
  const refusals = [
    ...versionRefusals,
    ...root.refusals,
    ...optionIsKnown([], root.value, Object.keys(optionSchema)),
    ...[service, placement, strategy, brokers, controllers, kafka].flatMap((reading) => reading.refusals),
  ];
  const { placement_strategy: _ofPlacement, phase_strategy: _ofStrategy, ...others } = service.value;
  const options: ServiceOptions = {
    service: { ...others, placement_constraint: placement.value, deploy_strategy: strategy.value },
    brokers: brokers.value,
    controllers: controllers.value,
    kafka: kafka.value,
  };
  const all = [...refusals, ...conflictsOf(options, { refusals, kafkaVersion })];
  if (all.length === 0) return { type: 'resolved', options };
  const shown = all.map((refusal) => ({ ...refusal, ...shownMember(refusal) }));
  return { type: 'refused', refusals: shown, readable: options };
}

function shownMember({ pointer, value }: Refusal): Pick<Refusal, 'value'> {
  return value === undefined ? {} : { value: shownValue(pointer, value) };
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
