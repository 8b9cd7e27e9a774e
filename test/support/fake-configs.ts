import type { ConfigAlteration, ConfigEntry, ConfigResource, KafkaAdmin } from '../../lib/ports/kafka-admin.ts';

type Values = Readonly<Record<string, string>>;

/** Dynamic configs of the brokers by id, and of the cluster by ''. */
export interface FakeConfigs {
  readonly admin: Pick<KafkaAdmin, 'describeConfigs' | 'incrementalAlterConfigs'>;
  of(resource: string): Values;
  /** Somebody else sets dynamic configs. */
  set(resource: string, values: Values): void;
  /** What the file of a broker says. */
  file(resource: string, values: Values): void;
  /** Makes Kafka refuse a property with this sentence. */
  refuse(name: string, message: string): void;
  /** What was set or deleted of one resource, in order. */
  history(resource: string): readonly string[];
  /** Forgets all that was set: another cluster. */
  clear(): void;
  /** How often anything was altered. */
  alterations(): number;
}

/** Takes a resource's changes all or not at all, as Kafka does. It checks no values but those that it is told to refuse. */
export function createFakeConfigs(): FakeConfigs {
  const stored = new Map<string, Map<string, string>>();
  const files = new Map<string, Values>();
  const refused = new Map<string, string>();
  const log: { readonly resource: string; readonly text: string }[] = [];
  let altered = 0;
  const valuesOf = (resource: string): Map<string, string> => {
    const values = stored.get(resource) ?? new Map<string, string>();
    stored.set(resource, values);
    return values;
  };
  const entry = (name: string, value: string, source: ConfigEntry['source']): ConfigEntry => ({
    ...{ name, value, source, readOnly: false, sensitive: false },
  });
  const describe = (resource: string): readonly ConfigEntry[] => {
    const own = [...valuesOf(resource)];
    if (resource === '') return own.map(([name, value]) => entry(name, value, 'dynamic cluster default'));
    const inherited = [...valuesOf('')].map(([name, value]) => entry(name, value, 'dynamic cluster default'));
    const inFile = Object.entries(files.get(resource) ?? {}).map(([name, value]) =>
      entry(name, value, 'static broker'),
    );
    const all = [...inFile, ...inherited, ...own.map(([name, value]) => entry(name, value, 'dynamic broker'))];
    return [...new Map(all.map((found) => [found.name, found])).values()];
  };
  const alter = ({ resource, changes, validateOnly }: ConfigAlteration): ReturnType<FakeAlter> => {
    const culprit = changes.find(({ name }) => refused.has(name));
    if (culprit !== undefined) {
      return { type: 'refused', codeName: 'INVALID_CONFIG', message: refused.get(culprit.name) ?? '' };
    }
    if (validateOnly) return { type: 'altered' };
    altered++;
    for (const change of changes) {
      const key = keyOf(resource);
      log.push({ resource: key, text: change.type === 'set' ? `${change.name}=${change.value}` : `-${change.name}` });
      if (change.type === 'set') valuesOf(key).set(change.name, change.value);
      else valuesOf(key).delete(change.name);
    }
    return { type: 'altered' };
  };
  return {
    admin: {
      describeConfigs: async (_brokers, { resource }) => describe(keyOf(resource)),
      incrementalAlterConfigs: async (_brokers, alteration) => alter(alteration),
    },
    of: (resource) => Object.fromEntries(valuesOf(resource)),
    set: (resource, values) => {
      for (const [name, value] of Object.entries(values)) valuesOf(resource).set(name, value);
    },
    file: (resource, values) => void files.set(resource, values),
    refuse: (name, message) => void refused.set(name, message),
    history: (resource) => log.filter((made) => made.resource === resource).map(({ text }) => text),
    clear: () => stored.clear(),
    alterations: () => altered,
  };
}

type FakeAlter = (alteration: ConfigAlteration) => Awaited<ReturnType<KafkaAdmin['incrementalAlterConfigs']>>;

function keyOf(resource: ConfigResource): string {
  switch (resource.type) {
    case 'broker':
      return String(resource.id);
    case 'cluster default':
      return '';
    case 'topic':
      throw new Error('the fake has no topics');
  }
}
