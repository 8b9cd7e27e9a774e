import { KafkaUnreachableError } from '../../../../lib/kafka/kafka-errors.ts';
import type {
  AlterConfigResult,
  ConfigAlteration,
  ConfigChange,
  ConfigEntry,
  ConfigQuery,
  ConfigResource,
  KafkaAddresses,
} from '../../../../lib/ports/kafka-admin.ts';
import type { RunningConfig } from '../../contract.ts';
import { answeringBrokers } from './answers.ts';
import { changeMetadata } from './metadata-change.ts';
import { canCommit } from './quorum.ts';
import { timedOut } from './quorum-answers.ts';
import { folderOf, type KafkaWorld, type NodeProcess, newestQuorum, type Quorum } from './state.ts';

type Values = Map<string, string>;

/** Configs that are set while brokers run: metadata, which outlive every process of their cluster. */
export interface DynamicConfigs {
  describe(addresses: KafkaAddresses, query: ConfigQuery): readonly ConfigEntry[];
  alter(addresses: KafkaAddresses, alteration: ConfigAlteration): AlterConfigResult;
  running(clusterId: string): readonly RunningConfig[];
  setByHand(clusterId: string, override: { brokerId: number; name: string; value: string }): boolean;
}

/** Kafka doubles or halves this pool at once, and no more. Source: DynamicThreadPool of Kafka 4.3.1. */
const threadPool = { name: 'background.threads', initially: 10 } as const;
const minIsrName = 'min.insync.replicas';

export function createDynamicConfigs(world: KafkaWorld): DynamicConfigs {
  const stored = new Map<string, Values>();
  const valuesOf = (clusterId: string, resource: ConfigResource): Values => {
    const key = `${clusterId} ${keyOf(resource)}`;
    const values = stored.get(key) ?? new Map<string, string>();
    stored.set(key, values);
    return values;
  };
  const entriesOf = (clusterId: string, resource: ConfigResource, broker?: NodeProcess): readonly ConfigEntry[] => {
    const own = valuesOf(clusterId, resource);
    const defaults = valuesOf(clusterId, { type: 'cluster default' });
    if (broker === undefined) return entries(defaults, 'dynamic cluster default');
    const all = [
      ...entries(new Map([[threadPool.name, String(threadPool.initially)]]), 'default'),
      ...entries(broker.configuration.properties, 'static broker'),
      ...entries(defaults, 'dynamic cluster default'),
      ...entries(own, 'dynamic broker'),
    ];
    return [...new Map(all.map((entry) => [entry.name, entry])).values()];
  };
  const running = (clusterId: string): readonly RunningConfig[] =>
    [...world.processes]
      .filter(({ configuration, phase }) => configuration.clusterId === clusterId && phase === 'running')
      .map(({ configuration, run }) => ({
        nodeId: configuration.nodeId,
        taskArn: run.taskArn,
        properties: configuration.properties,
        overrides: Object.fromEntries(valuesOf(clusterId, { type: 'broker', id: configuration.nodeId })),
        clusterDefaults: Object.fromEntries(valuesOf(clusterId, { type: 'cluster default' })),
      }));
  return {
    describe(addresses, { resource }) {
      const { clusterId, broker } = homeOf(world, addresses, resource);
      return entriesOf(clusterId, resource, broker);
    },
    alter(addresses, { resource, changes, validateOnly = false }) {
      const { clusterId, broker } = homeOf(world, addresses, resource);
      const quorum = newestQuorum(world, clusterId);
      if (quorum === undefined || !canCommit(world, quorum)) throw timedOut('IncrementalAlterConfigs');
      const inForce = new Map(entriesOf(clusterId, resource, broker).map(({ name, value }) => [name, value]));
      for (const change of changes) {
        const message = refusalOf(change, inForce);
        if (message !== undefined) return { type: 'refused', codeName: 'INVALID_REQUEST', message };
      }
      if (validateOnly) return { type: 'altered' };
      for (const change of changes) {
        if (change.type === 'set') valuesOf(clusterId, resource).set(change.name, change.value);
        else valuesOf(clusterId, resource).delete(change.name);
        if (resource.type === 'cluster default' && change.name === minIsrName) followMinIsr(world, quorum, change);
      }
      return { type: 'altered' };
    },
    running,
    setByHand(clusterId, { brokerId, name, value }) {
      const isServing = running(clusterId).some(({ nodeId }) => nodeId === brokerId);
      if (isServing) valuesOf(clusterId, { type: 'broker', id: brokerId }).set(name, value);
      return isServing;
    },
  };
}

/** A broker alone knows its static config: its own configs are asked of itself, those of all of anyone. */
function homeOf(world: KafkaWorld, addresses: KafkaAddresses, resource: ConfigResource) {
  const answering = answeringBrokers(world, addresses).map(({ broker }) => broker);
  const isHome = ({ configuration }: NodeProcess): boolean =>
    resource.type !== 'broker' || configuration.nodeId === resource.id;
  const broker = answering.find(isHome);
  if (broker === undefined) throw new KafkaUnreachableError(`${keyOf(resource)} does not answer`);
  const { clusterId } = folderOf(broker);
  return resource.type === 'broker' ? { clusterId, broker } : { clusterId };
}

function entries(values: ReadonlyMap<string, string>, source: ConfigEntry['source']): readonly ConfigEntry[] {
  return [...values].map(([name, value]) => ({ name, value, source, readOnly: false, sensitive: false }));
}

function refusalOf(change: ConfigChange, inForce: ReadonlyMap<string, string | null>): string | undefined {
  if (change.type !== 'set' || change.name !== threadPool.name) return undefined;
  const current = Number(inForce.get(threadPool.name) ?? threadPool.initially);
  const wanted = Number(change.value);
  if (wanted <= current * 2 && wanted >= Math.floor(current / 2)) return undefined;
  const end = wanted > current ? `greater than double` : `less than half`;
  return `Dynamic thread count update validation failed for ${change.name}=${change.value}: value should not be ${end} the current value ${current}`;
}

/** Topics here have no min.insync.replicas of their own. */
function followMinIsr(world: KafkaWorld, quorum: Quorum, change: ConfigChange): void {
  quorum.minIsr = change.type === 'set' ? Number(change.value) : 1;
  const { registrations } = quorum.image;
  changeMetadata(world, quorum, {
    registrations,
    partitions: (partition) =>
      partition.minIsr === quorum.minIsr ? partition : { ...partition, minIsr: quorum.minIsr },
  });
}

function keyOf(resource: ConfigResource): string {
  switch (resource.type) {
    case 'broker':
      return `broker ${resource.id}`;
    case 'cluster default':
      return 'the cluster default';
    case 'topic':
      throw new Error('configs of topics are not modelled');
  }
}
