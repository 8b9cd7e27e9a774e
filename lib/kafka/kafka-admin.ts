import type { KafkaAddress, KafkaAddresses, KafkaAdmin } from '../ports/kafka-admin.ts';
import { alterConfigs, readConfigs } from './configs.ts';
import { readCluster, readControllers } from './describe-cluster.ts';
import { electPreferred } from './elections.ts';
import { readApiAnswer } from './node-answer.ts';
import { readPartitions } from './partitions.ts';
import type { ConnectionOptions } from './protocol/connection.ts';
import { readQuorum } from './quorum.ts';
import { readReassignments } from './reassignments.ts';
import { releaseRegistration } from './registration.ts';
import { joinVoter, leaveVoter } from './voters.ts';

/** Limits of each connection and request of the port. All have defaults that suit a private network. */
export interface KafkaAdminOptions {
  /** The name under which brokers log and account for us. */
  readonly clientId?: string;
  readonly connectTimeoutMs?: number;
  /** Also bounds what Kafka may spend on an election or on a change of the voters. */
  readonly requestTimeoutMs?: number;
}

/** The port on Kafka's own protocol, without a library: listeners are plaintext (security groups and private subnets guard them). */
export function createKafkaAdmin(given: KafkaAdminOptions = {}): KafkaAdmin {
  const options: ConnectionOptions = {
    clientId: given.clientId ?? 'warden',
    connectTimeoutMs: given.connectTimeoutMs ?? 3_000,
    requestTimeoutMs: given.requestTimeoutMs ?? 10_000,
  };
  const at = (addresses: KafkaAddresses) => ({ addresses, options });
  return {
    describeCluster: (brokers) => readCluster(at(brokers)),
    describeControllers: (controllers) => readControllers(at(controllers)),
    describeQuorum: (controllers, patience) => readQuorum(at(controllers), patience),
    addVoter: (controllers, voter) => joinVoter(at(controllers), voter),
    removeVoter: (controllers, voter) => leaveVoter(at(controllers), voter),
    listPartitions: (brokers) => readPartitions(at(brokers)),
    listReassignments: (brokers) => readReassignments(at(brokers)),
    unregisterBroker: (controllers, id) => releaseRegistration(at(controllers), id),
    electPreferredLeaders: (brokers) => electPreferred(at(brokers)),
    apiAnswers: (address: KafkaAddress) => readApiAnswer(at([address])),
    describeConfigs: (brokers, query) => readConfigs(at(brokers), query),
    incrementalAlterConfigs: (brokers, alteration) => alterConfigs(at(brokers), alteration),
  };
}
