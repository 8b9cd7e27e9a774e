import { setTimeout as pause } from 'node:timers/promises';
import type { QuorumAnswer, QuorumReplica, QuorumView } from '../ports/kafka-admin.ts';
import { askNodes, type FailedNode, type Nodes } from './ask-nodes.ts';
import { KafkaNoLeaderError, KafkaProtocolError, KafkaResponseError } from './kafka-errors.ts';
import type { Messages } from './messages/message-types.ts';
import type { KafkaConnection } from './protocol/connection.ts';

/** The quorum as its leader describes it. */
export type LedQuorum = Extract<QuorumView, { type: 'led' }>;

type Description = Messages['DescribeQuorum']['response'];
type Replica = Description['topics'][number]['partitions'][number]['observers'][number];

const metadataTopic = '__cluster_metadata';
/** What the others get to answer once a leader has: enough to hear of a newer leader, little beside a dead host's timeout. */
const graceMs = 200;
/** How often an election is looked at. */
const lookEveryMs = 100;

/**
 * Asks every controller. Followers refuse with NOT_LEADER_OR_FOLLOWER, so whoever describes the quorum believes that it
 * leads. A leader that was cut off may believe so for two more seconds, hence the highest epoch wins.
 */
export async function readQuorum(nodes: Nodes, { leaderWithinMs = 0 } = {}): Promise<QuorumView> {
  const end = performance.now() + leaderWithinMs;
  for (;;) {
    const quorum = await lookAtQuorum(nodes);
    if (quorum.type === 'led' || performance.now() >= end) return quorum;
    await pause(lookEveryMs);
  }
}

async function lookAtQuorum(nodes: Nodes): Promise<QuorumView> {
  const plan = { ...nodes, atOnce: nodes.addresses.length, enough: 1, graceMs };
  const { answered, silent } = await askNodes(plan, describeQuorum);
  const leader = newestLeader(answered.map(({ value }) => value));
  return leader ?? { type: 'no leader', answers: silent.map(refusalOf) };
}

/**
 * Does something over a connection to the active controller, as soon as one says that it leads. A leader that was cut
 * off cannot commit anything, so its error or silence is the worst that an action meets there.
 * @throws KafkaNoLeaderError; what the action throws.
 */
export async function withLeader<Value>(
  nodes: Nodes,
  action: (connection: KafkaConnection, quorum: LedQuorum) => Promise<Value>,
): Promise<Value> {
  const plan = { ...nodes, atOnce: nodes.addresses.length, enough: 1, graceMs: 0 };
  const { answered, silent } = await askNodes(plan, async (connection) => {
    const quorum = await describeQuorum(connection);
    return outcomeOf(() => action(connection, quorum));
  });
  const [first] = answered;
  if (first === undefined) throw new KafkaNoLeaderError(silent.map(refusalOf));
  if (first.value.type === 'failed') throw first.value.error;
  return first.value.value;
}

type Outcome<Value> =
  | { readonly type: 'done'; readonly value: Value }
  | { readonly type: 'failed'; readonly error: unknown };

/** The action's failure is kept apart from a node that does not lead. */
async function outcomeOf<Value>(action: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { type: 'done', value: await action() };
  } catch (error) {
    return { type: 'failed', error };
  }
}

/** The one with the highest epoch. */
export function newestLeader(quorums: readonly LedQuorum[]): LedQuorum | undefined {
  return quorums.toSorted((left, right) => right.leaderEpoch - left.leaderEpoch)[0];
}

function refusalOf({ address, error }: FailedNode): QuorumAnswer {
  return { address, answer: error instanceof KafkaResponseError ? error.codeName : error.message };
}

/**
 * The quorum, asked of the node that leads it.
 * @throws KafkaResponseError when the node does not lead.
 */
export async function describeQuorum(connection: KafkaConnection): Promise<LedQuorum> {
  const request = { topics: [{ topicName: metadataTopic, partitions: [{ partitionIndex: 0 }] }] };
  const answer = await connection.call('DescribeQuorum', request);
  const partition = answer.topics[0]?.partitions[0];
  refuseCode(answer.errorCode, answer.errorMessage);
  refuseCode(partition?.errorCode ?? 0, partition?.errorMessage ?? null);
  if (partition === undefined || partition.leaderId < 0) {
    throw new KafkaProtocolError('DescribeQuorum was answered without an error and without the leader of the metadata');
  }
  return {
    type: 'led',
    leaderId: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    highWatermark: partition.highWatermark,
    voters: partition.currentVoters.map(toReplica).sort(byId),
    observers: partition.observers.map(toReplica).sort(byId),
    nodes: answer.nodes.map(({ nodeId, listeners }) => ({ id: nodeId, listeners })).sort(byId),
  };
}

function refuseCode(errorCode: number, message: string | null): void {
  if (errorCode !== 0) throw new KafkaResponseError('DescribeQuorum', errorCode, message);
}

function toReplica(replica: Replica): QuorumReplica {
  return {
    id: replica.replicaId,
    directoryId: replica.replicaDirectoryId,
    logEndOffset: replica.logEndOffset,
    lastFetchTimestamp: replica.lastFetchTimestamp,
    lastCaughtUpTimestamp: replica.lastCaughtUpTimestamp,
  };
}

function byId(left: { readonly id: number }, right: { readonly id: number }): number {
  return left.id - right.id;
}
