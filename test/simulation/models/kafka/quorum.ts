import type { KafkaAddress } from '../../../../lib/ports/kafka-admin.ts';
import { between, folderOf, type Image, isAlive, type KafkaWorld, type NodeProcess, type Quorum } from './state.ts';

/** controller.quorum.election.timeout.ms and what a cluster needs on top after a leader died. */
const electionAfterDeathMs = [2000, 3700] as const;
/** A leader without a majority gives up after one and a half times controller.quorum.fetch.timeout.ms. */
const resignsAfterMs = [2000, 3000] as const;
/** How long an image of the past may still be what a broker knows. */
const imagesKeptMs = 500;

/** Whoever has something to do when the quorum is led again, or can commit again. */
export type WhenLed = (quorum: Quorum) => void;

export interface Elections {
  /** A voter's port opened, or a leader went: somebody may be elected after this delay. */
  elect(quorum: Quorum, delayMs: number): void;
  /** A voter is gone for now. */
  voterGone(quorum: Quorum, process: NodeProcess): void;
  /** The leader steps down of its own accord, and the others know at once. */
  resign(quorum: Quorum): void;
}

export function createElections(world: KafkaWorld, whenLed: WhenLed): Elections {
  const elect = (quorum: Quorum, delayMs: number): void => {
    world.clock.after(delayMs, `election of cluster ${quorum.clusterId}`, () => {
      if (quorum.leader !== undefined) return;
      const candidates = electable(world, quorum);
      const [first, ...others] = candidates;
      if (first === undefined) return;
      lead(world, quorum, world.random.pick([first, ...others]));
      whenLed(quorum);
    });
  };
  const voterGone = (quorum: Quorum, process: NodeProcess): void => {
    if (quorum.leader === process) {
      delete quorum.leader;
      elect(quorum, between(world.random, ...electionAfterDeathMs));
    } else if (quorum.leader !== undefined && !hasMajority(world, quorum)) {
      const { leaderEpoch } = quorum;
      world.clock.after(between(world.random, ...resignsAfterMs), `leader of ${quorum.clusterId} is alone`, () => {
        if (quorum.leaderEpoch !== leaderEpoch || hasMajority(world, quorum)) return;
        delete quorum.leader;
        elect(quorum, between(world.random, 100, 500));
      });
    }
  };
  const resign = (quorum: Quorum): void => {
    delete quorum.leader;
    elect(quorum, between(world.random, 50, 500));
  };
  return { elect, voterGone, resign };
}

/** Whether a change of the metadata can be committed now: a leader, and a majority of voters that have what it has. */
export function canCommit(world: KafkaWorld, quorum: Quorum): boolean {
  if (quorum.leader === undefined) return false;
  const level = liveVoters(world, quorum).filter((process) => process.caughtUp && process.phase !== 'booting');
  return level.length > quorum.voters.size / 2;
}

/** Commits a change of the metadata; false, and nothing changed, when no majority takes it. */
export function commit(world: KafkaWorld, quorum: Quorum, change: (image: Image) => Image): boolean {
  if (!canCommit(world, quorum)) return false;
  const now = world.clock.now();
  quorum.past = [...quorum.past, { until: now, image: quorum.image }].filter(
    ({ until }) => now - until <= imagesKeptMs,
  );
  quorum.image = change(quorum.image);
  quorum.end++;
  for (const process of attachedTo(world, quorum)) if (process.caughtUp) folderOf(process).metadataOffset = quorum.end;
  return true;
}

/** What the metadata was at that time, as far as it is remembered. */
export function imageAt(quorum: Quorum, at: number): Image {
  return quorum.past.find(({ until }) => until > at)?.image ?? quorum.image;
}

export function isVoter(quorum: Quorum, process: NodeProcess): boolean {
  const voter = quorum.voters.get(process.configuration.nodeId);
  return voter !== undefined && voter.directoryId === folderOf(process).directoryId;
}

/** The voters whose controller answers its peers, a leader that is ending included. */
export function liveVoters(world: KafkaWorld, quorum: Quorum): readonly NodeProcess[] {
  return attachedTo(world, quorum).filter((process) => opensController(process) && isVoter(quorum, process));
}

/** Live processes whose folder belongs to the quorum. */
export function attachedTo(world: KafkaWorld, quorum: Quorum): readonly NodeProcess[] {
  return [...world.processes].filter((process) => isAlive(process) && process.disk.folder?.quorum === quorum);
}

/** Whether a controller's port is open. */
export function opensController({ configuration, phase }: NodeProcess): boolean {
  return configuration.isController && (phase === 'running' || phase === 'ending');
}

/** The controller that answers at an address. */
export function controllerAt(world: KafkaWorld, address: KafkaAddress): NodeProcess | undefined {
  return [...world.processes].find((process) => {
    const listener = process.configuration.controllerListener;
    if (listener === undefined || !opensController(process)) return false;
    const isHost = listener.host === address.host || listener.advertisedHost === address.host;
    return isHost && listener.port === address.port;
  });
}

function hasMajority(world: KafkaWorld, quorum: Quorum): boolean {
  return liveVoters(world, quorum).length > quorum.voters.size / 2;
}

/** A candidate needs the longest log among those that vote for it, and a majority that it can reach where the voters are written down. */
function electable(world: KafkaWorld, quorum: Quorum): readonly NodeProcess[] {
  const live = liveVoters(world, quorum).filter(({ phase }) => phase === 'running');
  const longest = Math.max(...live.map((process) => folderOf(process).metadataOffset));
  return live.filter((candidate) => {
    const votes = live.filter((voter) => voter === candidate || isWhereKnown(quorum, voter));
    return folderOf(candidate).metadataOffset === longest && votes.length > quorum.voters.size / 2;
  });
}

function lead(world: KafkaWorld, quorum: Quorum, process: NodeProcess): void {
  quorum.leader = process;
  quorum.leaderEpoch++;
  process.attached = true;
  process.caughtUp = true;
  quorum.departed.clear();
  for (const other of attachedTo(world, quorum)) if (!finds(world, quorum, other)) loseLeader(quorum, other);
  const now = world.clock.now();
  // A new active controller gives every unfenced broker a whole session, and knows no session of a fenced one.
  quorum.silentSince.clear();
  for (const { id, fenced, process: holder } of quorum.image.registrations.values()) {
    if (!fenced && !(isAlive(holder) && holder.attached)) quorum.silentSince.set(id, now);
  }
}

/** Whether the leader finds the process where it is written down as a voter, and so tells it who leads, and where. */
export function isToldOfLeader(quorum: Quorum, process: NodeProcess): boolean {
  return opensController(process) && isVoter(quorum, process) && isWhereKnown(quorum, process);
}

/** The new leader tells the voters where they are written down; others ask at the addresses that they know. */
function finds(world: KafkaWorld, quorum: Quorum, process: NodeProcess): boolean {
  if (process === quorum.leader || !process.attached) return true;
  if (isToldOfLeader(quorum, process)) return true;
  const known = [...process.configuration.bootstrapServers, ...quorum.voters.values()];
  return known.some((address) => {
    const contact = controllerAt(world, address);
    return contact !== undefined && contact !== process && contact.attached && folderOf(contact).quorum === quorum;
  });
}

function loseLeader(quorum: Quorum, process: NodeProcess): void {
  process.attached = false;
  process.caughtUp = false;
  process.lastKnown = { voters: [...quorum.voters.values()], image: quorum.image };
}

function isWhereKnown(quorum: Quorum, { configuration }: NodeProcess): boolean {
  const voter = quorum.voters.get(configuration.nodeId);
  const listener = configuration.controllerListener;
  return voter?.host === listener?.advertisedHost && voter?.port === listener?.port;
}
