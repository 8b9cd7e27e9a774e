import { strict as assert } from 'node:assert';
import { KafkaUnreachableError } from '../../lib/kafka/kafka-errors.ts';
import { parseStartedBy } from '../../lib/model/broker/node-task.ts';
import type { KafkaAdmin, KafkaPartition, QuorumReplica } from '../../lib/ports/kafka-admin.ts';
import { createFakeConfigs, type FakeConfigs } from './fake-configs.ts';
import type { FakeDisks } from './fake-disks.ts';
import type { FakeTask } from './fake-tasks.ts';
import type { HandClock } from './hand-clock.ts';

/** What the fake's Kafka clusters do with the protocol's calls; everything follows from the tasks that run. */
export interface FakeKafka {
  readonly admin: KafkaAdmin;
  /** The dynamic configs of brokers and cluster. */
  readonly configs: FakeConfigs;
  /** The topics: who holds which partition. Replicas on brokers that run are in sync. */
  setTopics(topics: readonly FakePartition[]): void;
  /** Every UnregisterBroker that took somebody out. */
  readonly released: readonly number[];
  /** What must never be asked of Kafka and was. */
  readonly violations: readonly string[];
  readonly voters: () => readonly number[];
}

interface FakePartition {
  readonly topic: string;
  readonly replicas: readonly number[];
  readonly minIsr: number;
  /** Replicas that lag however long they run. */
  readonly lagging?: readonly number[];
}

interface Live {
  readonly nodeId: number;
  readonly address: string;
  readonly directoryId: string;
}

/** A broker registers so long after its start, and its replicas are level then. */
const bootMs = 1_000;

export function createFakeKafka(options: {
  readonly clock: HandClock;
  readonly tasks: () => readonly FakeTask[];
  readonly addressOf: (instanceId: string) => string;
  readonly disks: FakeDisks;
}): FakeKafka {
  const { clock, disks } = options;
  const voters = new Map<number, string>();
  const registered = new Set<number>();
  const released: number[] = [];
  const violations: string[] = [];
  let topics: readonly FakePartition[] = [];
  let clusterId = 'none yet';
  const configs = createFakeConfigs();

  const live = (): readonly Live[] =>
    options.tasks().flatMap((task) => {
      const identity = parseStartedBy(task.request.startedBy);
      if (identity?.purpose !== 'node' || task.view.lastStatus !== 'RUNNING' || task.isLost) return [];
      const directoryId = disks.directoryOf(task.definition.mount?.device ?? '');
      if (directoryId === undefined) return [];
      return [{ nodeId: identity.nodeId, address: options.addressOf(task.request.instanceId), directoryId }];
    });
  const leader = (): number | undefined => {
    const first = disks.standalone().at(-1);
    if (first !== undefined && first.clusterId !== clusterId) {
      clusterId = first.clusterId;
      voters.clear();
      registered.clear();
      configs.clear();
      voters.set(first.nodeId, first.directoryId);
    }
    const running = live().filter(({ nodeId, directoryId }) => voters.get(nodeId) === directoryId);
    return running.length > voters.size / 2 ? running[0]?.nodeId : undefined;
  };
  const liveBrokers = () => live().filter(({ nodeId }) => nodeId < 1000);
  const register = () => {
    if (leader() !== undefined) for (const { nodeId } of liveBrokers()) if (hasBooted(nodeId)) registered.add(nodeId);
  };
  const hasBooted = (nodeId: number): boolean => clock.clock() - disks.startedAt(nodeId) >= bootMs;
  const replica = ({ nodeId, directoryId }: Live): QuorumReplica => {
    const caughtUpAt = hasBooted(nodeId) ? clock.clock() : -1;
    const at = { lastFetchTimestamp: clock.clock(), lastCaughtUpTimestamp: caughtUpAt };
    return { id: nodeId, directoryId, logEndOffset: 0, ...at };
  };
  const lost = (id: number, directoryId: string): QuorumReplica => ({
    ...{ id, directoryId, logEndOffset: 0 },
    ...{ lastFetchTimestamp: 0, lastCaughtUpTimestamp: 0 },
  });
  const answering = (addresses: readonly { readonly host: string }[]): readonly Live[] => {
    assert(addresses.length > 0, 'Kafka must be asked at one address at least');
    const found = live().filter(
      ({ address, nodeId }) => addresses.some(({ host }) => host === address) && hasBooted(nodeId),
    );
    if (found.length === 0) throw new KafkaUnreachableError('nobody answered');
    return found;
  };
  const partitions = (): KafkaPartition[] => {
    const running = new Set(
      liveBrokers()
        .filter(({ nodeId }) => registered.has(nodeId))
        .map(({ nodeId }) => nodeId),
    );
    return topics.map(({ topic, replicas, minIsr, lagging }) => {
      const isr = replicas.filter((id) => running.has(id) && lagging?.includes(id) !== true);
      const offline = replicas.filter((id) => !running.has(id));
      const leaderId = isr[0] ?? null;
      return {
        topic,
        partition: 0,
        internal: false,
        leader: leaderId,
        replicas,
        isr,
        offline,
        elr: [],
        minIsr,
        settled: true,
      };
    });
  };
  const refuse = (): never => {
    throw new Error('the fake does not do this');
  };

  const admin: KafkaAdmin = {
    async describeCluster(brokers) {
      const answered = answering(brokers);
      register();
      const list = [...registered].sort((left, right) => left - right);
      return {
        clusterId: 'fake',
        brokers: list.map((id) => {
          const own = liveBrokers().find(({ nodeId }) => nodeId === id);
          return { id, host: own?.address ?? '', port: 9092, rack: null, fenced: own === undefined, settled: true };
        }),
        answered: answered.map(({ address }) => ({ host: address, port: 9092 })),
        silent: [],
      };
    },
    async describeQuorum(controllers) {
      assert(controllers.length > 0, 'Kafka must be asked at one address at least');
      const leaderId = leader();
      if (leaderId === undefined) {
        return { type: 'no leader', answers: controllers.map((address) => ({ address, answer: 'unreachable' })) };
      }
      const running = live();
      const isVoter = ({ nodeId, directoryId }: Live) => voters.get(nodeId) === directoryId;
      const votersNow = [...voters].map(([id, directoryId]) => {
        const own = running.find((node) => node.nodeId === id && isVoter(node));
        return own === undefined ? lost(id, directoryId) : replica(own);
      });
      const observers = running.filter((node) => !isVoter(node) && hasBooted(node.nodeId)).map(replica);
      return { type: 'led', leaderId, leaderEpoch: 1, highWatermark: 1, voters: votersNow, observers, nodes: [] };
    },
    async addVoter(_controllers, { id, directoryId }) {
      const known = voters.get(id);
      if (known === directoryId) return { type: 'already voter' };
      if (known !== undefined) return { type: 'other directory', directoryId: known };
      voters.set(id, directoryId);
      return { type: 'added' };
    },
    async removeVoter(_controllers, { id }) {
      return voters.delete(id) ? { type: 'removed' } : { type: 'no voter' };
    },
    async listPartitions(brokers) {
      answering(brokers);
      register();
      return partitions();
    },
    listReassignments: async () => [],
    async unregisterBroker(_controllers, id) {
      if (live().some(({ nodeId }) => nodeId === id)) violations.push(`broker ${id} was unregistered alive`);
      if (!registered.delete(id)) return { type: 'not registered' };
      released.push(id);
      return { type: 'unregistered' };
    },
    electPreferredLeaders: async () => ({ changed: [], failed: [] }),
    async apiAnswers({ host }) {
      const own = live().find(({ address, nodeId }) => address === host && nodeId < 1000);
      return own === undefined
        ? { type: 'silent', reason: 'connection refused' }
        : { type: 'answers', finalizedFeatures: [], supportedFeatures: [] };
    },
    describeControllers: refuse,
    async describeConfigs(brokers, query) {
      answering(brokers);
      return configs.admin.describeConfigs(brokers, query);
    },
    async incrementalAlterConfigs(brokers, alteration) {
      answering(brokers);
      return configs.admin.incrementalAlterConfigs(brokers, alteration);
    },
  };
  return {
    admin,
    configs,
    released,
    violations,
    voters: () => [...voters.keys()],
    setTopics: (wanted) => {
      topics = wanted;
    },
  };
}
