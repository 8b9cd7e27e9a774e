import type { ServiceConfig } from '../service/config.ts';
import { changedProperties } from './changed-properties.ts';
import { clusterProperties, isClusterProperty } from './cluster-property.ts';
import type { KafkaDefinition } from './definition.ts';
import { canonicalText, propertiesInForce } from './properties-in-force.ts';
import { nextValue } from './thread-pool.ts';

/** A config entry as Kafka describes it. */
export interface OverrideEntry {
  readonly name: string;
  /** Null when sensitive or unset. */
  readonly value: string | null;
  readonly source: string;
  readonly sensitive: boolean;
}

/** What Kafka describes of one running broker and of the defaults of all brokers. */
export interface ActualOverrides {
  /** All entries, static ones too. */
  readonly broker: readonly OverrideEntry[];
  readonly cluster: readonly OverrideEntry[];
}

/** What one running broker is to have beyond its file. */
export interface ExpectedOverrides {
  readonly broker: ReadonlyMap<string, string>;
  /** The cluster default: never deleted, since the controllers decide by it. */
  readonly cluster: ReadonlyMap<string, string>;
  readonly definitions: ReadonlyMap<string, KafkaDefinition>;
  /** What holds for a property without any override, from the broker's file or Kafka; undefined for what Kafka does not define. */
  withoutOverride(property: string): string | undefined;
}

export type OverrideChange =
  | { readonly type: 'set'; readonly name: string; readonly value: string }
  | { readonly type: 'delete'; readonly name: string };

export interface OverrideChanges {
  readonly broker: readonly OverrideChange[];
  readonly cluster: readonly OverrideChange[];
}

/** A dynamic config that is not what the config of its broker says. */
export interface Drift {
  readonly resource: 'broker' | 'cluster default';
  readonly name: string;
  /** `hidden` when it is a secret, or Kafka cannot know that it is none. Absent of a cluster default that is not set. */
  readonly value?: string;
  /** What it is brought back to. Absent where Kafka does not define the property. */
  readonly expected?: string;
}

/**
 * Set for the time of a reassignment by whoever runs it, and no config of a service: they stay.
 * Source: QuotaConfig.brokerQuotaConfigs of Kafka 4.3.1.
 */
const throttles: ReadonlySet<string> = new Set([
  'leader.replication.throttled.rate',
  'follower.replication.throttled.rate',
  'replica.alter.log.dirs.io.max.bytes.per.second',
]);

/**
 * The overrides with which a process that was started with one config has the values of another. A property that went
 * back to its default gets the default: the file of the process still says otherwise.
 */
export function expectedOverrides(startedWith: ServiceConfig, target: ServiceConfig): ExpectedOverrides {
  const { definitions, textOf } = propertiesInForce(target);
  const own = changedProperties(startedWith, target).filter(
    ({ name, isDynamic }) => isDynamic && !isClusterProperty(name),
  );
  const pairs = (names: readonly string[]) =>
    names.flatMap((name) => {
      const text = textOf(name);
      return text === undefined ? [] : [[name, text] as const];
    });
  return {
    broker: new Map(pairs(own.map(({ name }) => name))),
    cluster: new Map(pairs(clusterProperties)),
    definitions,
    withoutOverride: propertiesInForce(startedWith).textOf,
  };
}

/**
 * What is to be set and deleted next, sorted by name; nothing when all is as expected. Where Kafka changes a value only
 * step by step, the next step: look again afterwards. Loggers and throttles are left alone.
 */
export function overrideChanges(actual: ActualOverrides, expected: ExpectedOverrides): OverrideChanges {
  return {
    broker: changesOf('dynamic broker', { entries: actual.broker, wanted: expected.broker, expected }),
    cluster: changesOf('dynamic cluster default', { entries: actual.cluster, wanted: expected.cluster, expected }),
  };
}

/** Overrides that somebody else set or took away, sorted by resource and name. `expected` is of the config that the broker has now. */
export function driftOf(actual: ActualOverrides, expected: ExpectedOverrides): readonly Drift[] {
  const inForce = new Map(actual.broker.map((entry) => [entry.name, entry]));
  const lostByBroker = [...expected.broker].flatMap(([name, text]): readonly Drift[] => {
    const entry = inForce.get(name);
    if (entry === undefined || entry.source === 'dynamic broker') return [];
    return [{ resource: 'broker', name, value: shownValue(entry), expected: text }];
  });
  const defaults = new Set(overridesIn('dynamic cluster default', actual.cluster).map(({ name }) => name));
  const lostByCluster = [...expected.cluster]
    .filter(([name]) => !defaults.has(name))
    .map(([name, text]): Drift => ({ resource: 'cluster default', name, expected: text }));
  const foreign = (source: string, entries: readonly OverrideEntry[], wanted: ReadonlyMap<string, string>) =>
    overridesIn(source, entries).filter((entry) => !hasValue(entry, wanted.get(entry.name), expected));
  const shown = (resource: Drift['resource'], entry: OverrideEntry, wanted: ReadonlyMap<string, string>): Drift => {
    const back = wanted.get(entry.name) ?? expected.withoutOverride(entry.name);
    return { resource, name: entry.name, value: shownValue(entry), ...(back === undefined ? {} : { expected: back }) };
  };
  const ofBroker = foreign('dynamic broker', actual.broker, expected.broker);
  const ofCluster = foreign('dynamic cluster default', actual.cluster, expected.cluster);
  return [
    ...byName([...lostByBroker, ...ofBroker.map((entry) => shown('broker', entry, expected.broker))]),
    ...byName([...lostByCluster, ...ofCluster.map((entry) => shown('cluster default', entry, expected.cluster))]),
  ];
}

interface Resource {
  readonly entries: readonly OverrideEntry[];
  readonly wanted: ReadonlyMap<string, string>;
  readonly expected: ExpectedOverrides;
}

function changesOf(source: string, { entries, wanted, expected }: Resource): readonly OverrideChange[] {
  const present = overridesIn(source, entries);
  const inForce = (name: string): string | undefined =>
    entries.find((entry) => entry.name === name)?.value ?? undefined;
  const sets = [...wanted].flatMap(([name, text]): readonly OverrideChange[] => {
    if (
      hasValue(
        present.find((entry) => entry.name === name),
        text,
        expected,
      )
    )
      return [];
    return [{ type: 'set', name, value: nextValue(name, { inForce: inForce(name) ?? text, wanted: text }) }];
  });
  const deletions = present
    .filter(({ name }) => !wanted.has(name))
    .map(({ name, value }): OverrideChange => {
      const back = expected.withoutOverride(name);
      const next = back === undefined || value === null ? back : nextValue(name, { inForce: value, wanted: back });
      return next === undefined || next === back ? { type: 'delete', name } : { type: 'set', name, value: next };
    });
  return byName([...sets, ...deletions]);
}

function overridesIn(source: string, entries: readonly OverrideEntry[]): readonly OverrideEntry[] {
  return entries.filter((entry) => entry.source === source && !throttles.has(entry.name));
}

function hasValue(
  entry: OverrideEntry | undefined,
  text: string | undefined,
  { definitions }: ExpectedOverrides,
): boolean {
  if (entry === undefined || entry.value === null || text === undefined) return false;
  return canonicalText(definitions.get(entry.name), entry.value) === text;
}

function shownValue({ value, sensitive }: OverrideEntry): string {
  return sensitive || value === null ? 'hidden' : value;
}

function byName<Named extends { readonly name: string }>(items: readonly Named[]): readonly Named[] {
  return [...items].sort((one, other) => (one.name < other.name ? -1 : 1));
}
