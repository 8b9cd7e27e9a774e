import { KafkaNoLeaderError, KafkaResponseError } from '../../../../lib/kafka/kafka-errors.ts';
import type {
  AddVoterResult,
  KafkaAddresses,
  NewVoter,
  QuorumAnswer,
  QuorumReplica,
  QuorumView,
  RemoveVoterResult,
  VoterIdentity,
} from '../../../../lib/ports/kafka-admin.ts';
import { silenceOf } from './answers.ts';
import { attachedTo, commit, controllerAt, isVoter, opensController } from './quorum.ts';
import { folderOf, type KafkaWorld, type NodeProcess, type Quorum } from './state.ts';

/** How long the leader goes on listing an observer that does not fetch any more. */
const observerKeptMs = 300_000;
/** AddRaftVoter is sometimes refused although the observer has caught up: under load it lags by the time it is asked. */
const addVoterLagsChance = 0.1;

export const requestTimedOut = 7;

/** The quorum whose leader is among the given controllers; of two the one with the higher epoch, as lib/kafka believes. */
export function ledQuorum(world: KafkaWorld, controllers: KafkaAddresses): Quorum | undefined {
  const led = controllers.flatMap((address) => {
    const process = controllerAt(world, address);
    const quorum = process?.disk.folder?.quorum;
    return quorum !== undefined && quorum.leader === process ? [quorum] : [];
  });
  return led.sort((left, right) => right.leaderEpoch - left.leaderEpoch)[0];
}

/** @throws KafkaNoLeaderError when no given controller leads. */
export function leaderFor(world: KafkaWorld, controllers: KafkaAddresses): Quorum {
  const quorum = ledQuorum(world, controllers);
  if (quorum === undefined) throw new KafkaNoLeaderError(refusals(world, controllers));
  return quorum;
}

export function quorumView(world: KafkaWorld, controllers: KafkaAddresses): QuorumView {
  const quorum = ledQuorum(world, controllers);
  if (quorum?.leader === undefined) return { type: 'no leader', answers: refusals(world, controllers) };
  return {
    type: 'led',
    leaderId: quorum.leader.configuration.nodeId,
    leaderEpoch: quorum.leaderEpoch,
    highWatermark: quorum.end,
    voters: votersOf(world, quorum),
    observers: observersOf(world, quorum),
    nodes: [...quorum.voters.values()]
      .map(({ id, listenerName, host, port }) => ({ id, listeners: [{ name: listenerName, host, port }] }))
      .sort(byId),
  };
}

/** AddRaftVoter: the leader takes an observer that has caught up and answers at its listener. */
export function addVoter(world: KafkaWorld, quorum: Quorum, voter: NewVoter): AddVoterResult {
  const { id, directoryId, listeners } = voter;
  const known = quorum.voters.get(id);
  if (known !== undefined) {
    return known.directoryId === directoryId
      ? { type: 'already voter' }
      : { type: 'other directory', directoryId: known.directoryId };
  }
  const [listener] = listeners;
  const observer = listener === undefined ? undefined : controllerAt(world, listener);
  const isLevel = observer?.caughtUp === true && folderOf(observer).directoryId === directoryId;
  if (listener === undefined || !isLevel || world.random.chance(addVoterLagsChance)) {
    return { type: 'not ready', message: `node ${id} is lagging behind` };
  }
  if (!commit(world, quorum, (image) => image)) return { type: 'not ready', message: 'a majority does not answer' };
  const { name, host, port } = listener;
  quorum.voters = new Map(quorum.voters).set(id, { id, directoryId, listenerName: name, host, port });
  return { type: 'added' };
}

/** RemoveRaftVoter of exactly that directory. `resign` when it was the leader's. */
export function removeVoter(
  world: KafkaWorld,
  quorum: Quorum,
  { voter, resign }: { readonly voter: VoterIdentity; readonly resign: () => void },
): RemoveVoterResult {
  if (quorum.voters.get(voter.id)?.directoryId !== voter.directoryId) return { type: 'no voter' };
  if (!commit(world, quorum, (image) => image)) return { type: 'not ready', message: 'a majority does not answer' };
  const voters = new Map(quorum.voters);
  voters.delete(voter.id);
  quorum.voters = voters;
  if (quorum.leader?.configuration.nodeId === voter.id) resign();
  return { type: 'removed' };
}

/** Voters that were level with the leader when they were last heard of, and are heard of. */
export function caughtUpVoters(world: KafkaWorld, quorum: Quorum): readonly number[] {
  const live = attachedTo(world, quorum).filter((process) => opensController(process) && isVoter(quorum, process));
  return live.filter(({ caughtUp }) => caughtUp).map(({ configuration }) => configuration.nodeId);
}

/** A call that no majority took: Kafka gives up when its time is over. */
export function timedOut(subject: string): KafkaResponseError {
  return new KafkaResponseError(subject, requestTimedOut, 'no majority of the controllers answers');
}

function votersOf(world: KafkaWorld, quorum: Quorum): readonly QuorumReplica[] {
  const live = fetching(world, quorum);
  return [...quorum.voters.values()]
    .map(({ id, directoryId }) => {
      const process = live.find((candidate) => folderOf(candidate).directoryId === directoryId);
      return process === undefined ? silent(quorum, { id, directoryId }) : fetched(world, quorum, process);
    })
    .sort(byId);
}

function observersOf(world: KafkaWorld, quorum: Quorum): readonly QuorumReplica[] {
  const live = fetching(world, quorum).filter((process) => !isVoter(quorum, process));
  const isVoting = (directoryId: string) =>
    [...quorum.voters.values()].some((voter) => voter.directoryId === directoryId);
  const now = world.clock.now();
  const departed = [...quorum.departed.values()].filter(
    ({ directoryId, lastFetchTimestamp }) => !isVoting(directoryId) && now - lastFetchTimestamp < observerKeptMs,
  );
  const replicas = live.map((process) => fetched(world, quorum, process));
  return [...replicas, ...departed.map((gone) => silent(quorum, gone))].sort(byId);
}

function fetching(world: KafkaWorld, quorum: Quorum): readonly NodeProcess[] {
  return attachedTo(world, quorum).filter(({ attached }) => attached);
}

function fetched(world: KafkaWorld, quorum: Quorum, process: NodeProcess): QuorumReplica {
  const now = world.clock.now();
  const { nodeId, directoryId, metadataOffset } = folderOf(process);
  const lastCaughtUpTimestamp = process.caughtUp
    ? now
    : (quorum.departed.get(directoryId)?.lastCaughtUpTimestamp ?? -1);
  return { id: nodeId, directoryId, logEndOffset: metadataOffset, lastFetchTimestamp: now, lastCaughtUpTimestamp };
}

function silent(quorum: Quorum, { id, directoryId }: VoterIdentity): QuorumReplica {
  const { lastFetchTimestamp, lastCaughtUpTimestamp } = quorum.departed.get(directoryId) ?? {
    lastFetchTimestamp: -1,
    lastCaughtUpTimestamp: -1,
  };
  return { id, directoryId, logEndOffset: -1, lastFetchTimestamp, lastCaughtUpTimestamp };
}

function refusals(world: KafkaWorld, controllers: KafkaAddresses): readonly QuorumAnswer[] {
  return controllers.map((address) => {
    const isOpen = controllerAt(world, address) !== undefined;
    return { address, answer: isOpen ? 'NOT_LEADER_OR_FOLLOWER' : silenceOf(address) };
  });
}

function byId(left: { readonly id: number }, right: { readonly id: number }): number {
  return left.id - right.id;
}
