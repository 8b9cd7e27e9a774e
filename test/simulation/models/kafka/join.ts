import { commit, controllerAt, type Elections, isToldOfLeader, isVoter } from './quorum.ts';
import { between, folderOf, type KafkaWorld, type NodeProcess, type Quorum, type Voter, whileAlive } from './state.ts';

/** From the leader's address to the first append of metadata. */
const firstFetchMs = [10, 70] as const;
const catchUpMs = [10, 500] as const;
/** Kafka 4.3.1 tells the leader of its new address in so much time. */
const addressUpdateMs = [500, 2000] as const;

interface Around {
  readonly elections: Elections;
  readonly goOn: (clusterId: string) => void;
  readonly die: (process: NodeProcess) => void;
}

/** Lets a node find its leader and fetch until its metadata is level. Harmless to repeat; does nothing while nobody leads. */
export function joinsLeader(world: KafkaWorld, { goOn, die }: Around): (process: NodeProcess) => void {
  const { random } = world;
  const catchUp = (process: NodeProcess, quorum: Quorum): void => {
    process.busy = true;
    whileAlive(world, process, { afterMs: between(random, ...catchUpMs), what: 'has caught up' }, () => {
      process.busy = false;
      if (quorum.leader === undefined || !process.attached) return;
      process.caughtUp = true;
      folderOf(process).metadataOffset = quorum.end;
      goOn(quorum.clusterId);
    });
  };
  const attach = (process: NodeProcess, quorum: Quorum): void => {
    const folder = folderOf(process);
    if (folder.quorum !== undefined && folder.quorum !== quorum) {
      die(process);
      return;
    }
    process.busy = true;
    folder.hasQuorumState = true;
    whileAlive(world, process, { afterMs: between(random, ...firstFetchMs), what: 'fetches metadata' }, () => {
      process.busy = false;
      if (quorum.leader === undefined) return;
      folder.quorum = quorum;
      folder.metadataOffset = Math.max(1, folder.metadataOffset);
      quorum.members.add(folder.directoryId);
      quorum.departed.delete(folder.directoryId);
      process.attached = true;
      if (process.lastKnown !== undefined) isBack(process, quorum);
      goOn(quorum.clusterId);
    });
  };
  /** A voter that listens at another address than the quorum wrote down tells the leader. */
  const tellAddress = (process: NodeProcess, quorum: Quorum): void => {
    const moved = movedVoter(quorum, process);
    if (moved === undefined) return;
    process.busy = true;
    whileAlive(world, process, { afterMs: between(random, ...addressUpdateMs), what: 'tells its address' }, () => {
      process.busy = false;
      const isTold = isVoter(quorum, process) && commit(world, quorum, (image) => image);
      if (isTold) quorum.voters = new Map(quorum.voters).set(moved.id, moved);
      goOn(quorum.clusterId);
    });
  };
  return (process) => {
    if (process.busy) return;
    const joined = process.attached ? folderOf(process).quorum : undefined;
    if (joined === undefined) {
      const quorum = reachableQuorum(world, process);
      if (quorum !== undefined) attach(process, quorum);
    } else if (joined.leader !== undefined) {
      if (process.caughtUp) tellAddress(process, joined);
      else catchUp(process, joined);
    }
  };
}

/**
 * A quorum that is led, as far as its leader tells a voter, or one of the controllers that the node knows: from its file, or
 * from its own log.
 */
function reachableQuorum(world: KafkaWorld, process: NodeProcess): Quorum | undefined {
  const folder = folderOf(process);
  if (folder.quorum?.leader !== undefined && isToldOfLeader(folder.quorum, process)) return folder.quorum;
  const inLog = process.lastKnown?.voters ?? [...(folder.quorum?.voters.values() ?? [])];
  const remembered = folder.metadataOffset > 0 ? inLog : [];
  for (const address of [...process.configuration.bootstrapServers, ...remembered]) {
    const contact = controllerAt(world, address);
    const quorum = contact?.disk.folder?.quorum;
    if (contact === undefined || contact === process || quorum?.leader === undefined) continue;
    if (quorum.clusterId === folder.clusterId && contact.attached) return quorum;
  }
  return undefined;
}

/** One that lost the leader was fenced meanwhile, or is heard of in time. */
function isBack(process: NodeProcess, quorum: Quorum): void {
  delete process.lastKnown;
  const registration = quorum.image.registrations.get(process.configuration.nodeId);
  if (registration?.process !== process) return;
  quorum.silentSince.delete(registration.id);
  if (registration.fenced) process.takesClients = false;
}

function movedVoter(quorum: Quorum, process: NodeProcess): Voter | undefined {
  const listener = process.configuration.controllerListener;
  const known = quorum.voters.get(process.configuration.nodeId);
  if (listener === undefined || known === undefined || !isVoter(quorum, process)) return undefined;
  const moved = { ...known, host: listener.advertisedHost, port: listener.port };
  return known.host === moved.host && known.port === moved.port ? undefined : moved;
}
