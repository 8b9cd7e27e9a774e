import { mergeSightings } from '../../../../lib/kafka/describe-cluster.ts';
import { KafkaUnreachableError } from '../../../../lib/kafka/kafka-errors.ts';
import { mergePartitions } from '../../../../lib/kafka/partitions.ts';
import type { ApiAnswer, ElectionResult, KafkaAddress, KafkaAdmin } from '../../../../lib/ports/kafka-admin.ts';
import { answeringBrokers, brokerAt, sightCluster, sightPartitions, silenceOf } from './answers.ts';
import type { DynamicConfigs } from './dynamic-configs.ts';
import { changeMetadata } from './metadata-change.ts';
import type { Nodes } from './nodes.ts';
import { withPreferredLeader } from './partition.ts';
import { controllerAt } from './quorum.ts';
import { addVoter, leaderFor, quorumView, removeVoter, timedOut } from './quorum-answers.ts';
import { folderOf, type KafkaWorld, type Quorum } from './state.ts';

/** lib/kafka asks up to so many brokers for the partitions. */
const witnesses = 3;

/**
 * The port over the model: only nodes that live answer, each with what it knows. How the answers are merged is
 * lib/kafka's own code.
 */
export function createModelAdmin(world: KafkaWorld, nodes: Nodes, configs: DynamicConfigs): KafkaAdmin {
  return {
    async describeCluster(addresses) {
      const answered = answeringBrokers(world, addresses);
      const silent = addresses.filter((address) => brokerAt(world, address) === undefined);
      return {
        ...mergeSightings(answered.map(({ broker }) => sightCluster(world, broker))),
        answered: answered.map(({ address }) => address),
        silent: silent.map((address) => ({ address, reason: silenceOf(address) })),
      };
    },
    async describeControllers(addresses) {
      const [first] = addresses.flatMap((address) => controllerAt(world, address) ?? []);
      const quorum = first === undefined ? undefined : folderOf(first).quorum;
      if (first === undefined || quorum === undefined) throw new KafkaUnreachableError('no controller answered');
      const controllers = [...quorum.voters.values()].map(({ id, host, port }) => ({ id, host, port }));
      return {
        clusterId: quorum.clusterId,
        leaderId: quorum.leader?.configuration.nodeId ?? null,
        controllers: controllers.sort((left, right) => left.id - right.id),
      };
    },
    describeQuorum: async (controllers) => quorumView(world, controllers),
    async addVoter(controllers, voter) {
      return addVoter(world, leaderFor(world, controllers), voter);
    },
    async removeVoter(controllers, voter) {
      const quorum = leaderFor(world, controllers);
      const result = removeVoter(world, quorum, { voter, resign: () => nodes.elections.resign(quorum) });
      nodes.goOn(quorum.clusterId);
      return result;
    },
    async listPartitions(addresses) {
      const answered = answeringBrokers(world, addresses, witnesses);
      return mergePartitions(answered.map(({ broker }) => sightPartitions(world, broker)));
    },
    async listReassignments(addresses) {
      answeringBrokers(world, addresses, 1);
      return [];
    },
    async unregisterBroker(controllers, id) {
      const quorum = leaderFor(world, controllers);
      const type = nodes.registrations.unregister(quorum, id);
      if (type === undefined) throw timedOut(`UnregisterBroker of broker ${id}`);
      nodes.goOn(quorum.clusterId);
      return { type };
    },
    async electPreferredLeaders(addresses) {
      const quorum = answeringBrokers(world, addresses, 1).flatMap(({ broker }) => folderOf(broker).quorum ?? [])[0];
      if (quorum === undefined) throw new KafkaUnreachableError('no broker answered');
      return electPreferred(world, quorum);
    },
    apiAnswers: async (address) => apiAnswer(world, address),
    describeConfigs: async (addresses, query) => configs.describe(addresses, query),
    incrementalAlterConfigs: async (addresses, alteration) => configs.alter(addresses, alteration),
  };
}

function electPreferred(world: KafkaWorld, quorum: Quorum): ElectionResult {
  const before = quorum.image.partitions;
  const { registrations } = quorum.image;
  if (!changeMetadata(world, quorum, { registrations, partitions: withPreferredLeader })) {
    throw timedOut('ElectLeaders');
  }
  const after = [...quorum.image.partitions];
  const changed = after.filter(([key, { leader }]) => before.get(key)?.leader !== leader);
  const failed = after.filter(([, { leader, replicas }]) => leader !== replicas[0]);
  return {
    changed: changed.map(([, { topic, partition }]) => ({ topic, partition })),
    failed: failed.map(([, { topic, partition, replicas }]) => {
      const message = `the preferred replica ${replicas[0]} is not in sync`;
      return { topic, partition, codeName: 'PREFERRED_LEADER_NOT_AVAILABLE', message };
    }),
  };
}

function apiAnswer(world: KafkaWorld, address: KafkaAddress): ApiAnswer {
  const node = brokerAt(world, address) ?? controllerAt(world, address);
  if (node === undefined) return { type: 'silent', reason: silenceOf(address) };
  return { type: 'answers', finalizedFeatures: [], supportedFeatures: [] };
}
