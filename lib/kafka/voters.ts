import type { AddVoterResult, NewVoter, RemoveVoterResult, VoterIdentity } from '../ports/kafka-admin.ts';
import type { Nodes } from './ask-nodes.ts';
import { codeNameOf, KafkaResponseError } from './kafka-errors.ts';
import type { KafkaConnection } from './protocol/connection.ts';
import { describeQuorum, type LedQuorum, withLeader } from './quorum.ts';

const none = 0;
/** The leader says it of a voter that lags, of a change that waits for another, and of a leader too young to decide. */
const requestTimedOut = 7;
const duplicateVoter = 126;
const voterNotFound = 127;

/** See the port. Kafka refuses a second voter of the same id whatever its directory, so the voters tell which case it is. */
export function joinVoter(nodes: Nodes, voter: NewVoter): Promise<AddVoterResult> {
  return withLeader(nodes, async (connection, quorum) => {
    const known = standingOf(quorum, voter);
    if (known !== undefined) return known;
    const answer = await connection.call('AddRaftVoter', {
      clusterId: null,
      timeoutMs: serverTimeoutMs(nodes),
      voterId: voter.id,
      voterDirectoryId: voter.directoryId,
      listeners: voter.listeners,
    });
    switch (answer.errorCode) {
      case none:
        return { type: 'added' };
      case duplicateVoter:
        return standingAfterRace(connection, voter);
      case requestTimedOut:
        return { type: 'not ready', message: answer.errorMessage ?? codeNameOf(answer.errorCode) };
      default:
        throw new KafkaResponseError(`AddRaftVoter of node ${voter.id}`, answer.errorCode, answer.errorMessage);
    }
  });
}

/** See the port. */
export function leaveVoter(nodes: Nodes, voter: VoterIdentity): Promise<RemoveVoterResult> {
  return withLeader(nodes, async (connection, quorum) => {
    if (standingOf(quorum, voter)?.type !== 'already voter') return { type: 'no voter' };
    const answer = await connection.call('RemoveRaftVoter', {
      clusterId: null,
      voterId: voter.id,
      voterDirectoryId: voter.directoryId,
    });
    switch (answer.errorCode) {
      case none:
        return { type: 'removed' };
      case voterNotFound:
        return { type: 'no voter' };
      case requestTimedOut:
        return { type: 'not ready', message: answer.errorMessage ?? codeNameOf(answer.errorCode) };
      default:
        throw new KafkaResponseError(`RemoveRaftVoter of node ${voter.id}`, answer.errorCode, answer.errorMessage);
    }
  });
}

type Standing = Extract<AddVoterResult, { type: 'already voter' | 'other directory' }>;

/** How an id stands among the voters; undefined when it does not vote. */
export function standingOf(quorum: LedQuorum, voter: VoterIdentity): Standing | undefined {
  const known = quorum.voters.find(({ id }) => id === voter.id);
  if (known === undefined) return undefined;
  if (known.directoryId === voter.directoryId) return { type: 'already voter' };
  return { type: 'other directory', directoryId: known.directoryId };
}

/** Another caller was faster than our look at the voters. */
async function standingAfterRace(connection: KafkaConnection, voter: VoterIdentity): Promise<AddVoterResult> {
  const standing = standingOf(await describeQuorum(connection), voter);
  return standing ?? { type: 'not ready', message: `node ${voter.id} was a voter a moment ago and is none now` };
}

/** Kafka must give up before we do, so that its reason reaches us. */
function serverTimeoutMs({ options }: Nodes): number {
  return Math.floor(options.requestTimeoutMs * 0.8);
}
