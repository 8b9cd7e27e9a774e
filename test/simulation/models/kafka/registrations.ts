import { changeMetadata, leavesIsr, replicate, withRegistration } from './metadata-change.ts';
import { withLeaderFound, withoutUnclean } from './partition.ts';
import { canCommit } from './quorum.ts';
import {
  between,
  folderOf,
  isAlive,
  type KafkaWorld,
  type NodeProcess,
  type Quorum,
  type Registration,
  whileAlive,
} from './state.ts';

/** A change that waits for a majority of the controllers is tried again so often, while somebody leads. */
const fenceAgainAfterMs = 500;
const registrationMs = { least: 20, most: 300 };
const unfencingMs = { least: 50, most: 400 };

export interface Registrations {
  /** Brings a broker that runs one step further: registered, then unfenced. Harmless to repeat. */
  advance(process: NodeProcess, quorum: Quorum): void;
  /** The process that held a registration has ended. */
  silent(process: NodeProcess, quorum: Quorum): void;
  /** The controllers lead again: sessions are counted anew. */
  countSessions(quorum: Quorum): void;
  /** Controlled shutdown begins: leaders move at once. Undefined while no controller decides; else whether it led any. */
  beginShutdown(process: NodeProcess, quorum: Quorum): { readonly led: boolean } | undefined;
  /** The controllers let the broker go. */
  endShutdown(process: NodeProcess, quorum: Quorum): void;
  /** UnregisterBroker. Undefined when no majority of the controllers takes it. */
  unregister(quorum: Quorum, brokerId: number): 'unregistered' | 'not registered' | undefined;
}

/** Who is a broker: one process per id, fenced when its session ends. */
export function createRegistrations(world: KafkaWorld): Registrations {
  const { random } = world;

  const advance = (process: NodeProcess, quorum: Quorum): void => {
    if (process.isZombie || process.takesClients || !process.caughtUp || !canCommit(world, quorum)) return;
    if (process.brokerEpoch === undefined) {
      const waitMs = refusedForMs(world, quorum, process);
      if (waitMs === Number.POSITIVE_INFINITY) return;
      if (waitMs > 0) {
        const afterMs = waitMs + random.below(500);
        whileAlive(world, process, { afterMs, what: 'registers again' }, () => advance(process, quorum));
        return;
      }
    }
    if (process.busy) return;
    process.busy = true;
    const isNew = process.brokerEpoch === undefined;
    const { least, most } = isNew ? registrationMs : unfencingMs;
    const afterMs = between(random, least, most);
    whileAlive(world, process, { afterMs, what: isNew ? 'registers' : 'is unfenced' }, () => {
      process.busy = false;
      if (process.phase !== 'running' || process.isZombie || !process.caughtUp) return;
      if (isNew) register(world, quorum, process);
      else unfence(world, quorum, process);
      advance(process, quorum);
    });
  };

  const fenceWhenDue = (quorum: Quorum, { id, epoch }: Registration): void => {
    const since = quorum.silentSince.get(id);
    if (quorum.leader === undefined || since === undefined) return;
    const dueInMs = since + quorum.leader.configuration.sessionTimeoutMs - world.clock.now();
    world.clock.after(Math.max(0, dueInMs), `session of broker ${id} ends`, () => {
      const registration = quorum.image.registrations.get(id);
      const silentSince = quorum.silentSince.get(id);
      if (registration?.epoch !== epoch || registration.fenced || silentSince === undefined) return;
      if (quorum.leader === undefined) return;
      const isDue = world.clock.now() - silentSince >= quorum.leader.configuration.sessionTimeoutMs;
      if (isDue && fence(world, quorum, registration)) return;
      const againMs = isDue ? fenceAgainAfterMs : 0;
      world.clock.after(againMs, `broker ${id} is fenced later`, () => fenceWhenDue(quorum, registration));
    });
  };

  return {
    advance,
    silent(process, quorum) {
      const registration = holding(quorum, process);
      if (registration === undefined) return;
      quorum.silentSince.set(registration.id, world.clock.now() - random.below(process.configuration.heartbeatMs));
      fenceWhenDue(quorum, registration);
    },
    countSessions(quorum) {
      for (const registration of quorum.image.registrations.values()) fenceWhenDue(quorum, registration);
      replicate(world, quorum);
    },
    beginShutdown(process, quorum) {
      const registration = holding(quorum, process);
      if (registration === undefined) return { led: false };
      const led = [...quorum.image.partitions.values()].some(({ leader }) => leader === registration.id);
      const isBegun = changeMetadata(world, quorum, {
        registrations: withRegistration(quorum.image, { ...registration, inControlledShutdown: true }),
        partitions: leavesIsr(registration.id),
      });
      return isBegun ? { led } : undefined;
    },
    endShutdown(process, quorum) {
      const registration = holding(quorum, process);
      if (registration !== undefined) fence(world, quorum, registration);
      // The file is written whether or not the controllers agree.
      if (process.brokerEpoch !== undefined) folderOf(process).cleanShutdownEpoch = process.brokerEpoch;
    },
    unregister: (quorum, brokerId) => unregister(world, quorum, brokerId),
  };
}

/** The registration that a process holds, if it was not taken from it. */
function holding(quorum: Quorum, process: NodeProcess): Registration | undefined {
  const registration = quorum.image.registrations.get(process.configuration.nodeId);
  return registration?.process === process ? registration : undefined;
}

/** How long a broker is refused as a duplicate: while the earlier holder's session lasts. 0 = it is not. */
function refusedForMs(world: KafkaWorld, quorum: Quorum, process: NodeProcess): number {
  const registration = quorum.image.registrations.get(process.configuration.nodeId);
  if (registration === undefined) return 0;
  if (isAlive(registration.process)) return Number.POSITIVE_INFINITY;
  const since = quorum.silentSince.get(registration.id);
  if (since === undefined || quorum.leader === undefined) return 0;
  return Math.max(0, since + quorum.leader.configuration.sessionTimeoutMs - world.clock.now());
}

/** A broker whose stop is not known to be clean may have lost its newest records: it leads nothing before it has caught up. */
function register(world: KafkaWorld, quorum: Quorum, process: NodeProcess): void {
  if (refusedForMs(world, quorum, process) > 0) return;
  const id = process.configuration.nodeId;
  const folder = folderOf(process);
  const earlier = quorum.image.registrations.get(id);
  const isClean = earlier !== undefined && folder.cleanShutdownEpoch === earlier.epoch;
  const epoch = quorum.lastNumber + 1;
  const isRegistered = changeMetadata(world, quorum, {
    registrations: withRegistration(quorum.image, { id, epoch, process, fenced: true, inControlledShutdown: false }),
    partitions: (partition, mayLead) => (isClean ? partition : withoutUnclean(partition, id, mayLead)),
  });
  if (!isRegistered) return;
  quorum.lastNumber = epoch;
  quorum.silentSince.delete(id);
  delete folder.cleanShutdownEpoch;
  process.brokerEpoch = epoch;
}

function unfence(world: KafkaWorld, quorum: Quorum, process: NodeProcess): void {
  const registration = holding(quorum, process);
  if (registration === undefined) return;
  const isUnfenced = changeMetadata(world, quorum, {
    registrations: withRegistration(quorum.image, { ...registration, fenced: false }),
    partitions: withLeaderFound,
  });
  if (isUnfenced) process.takesClients = true;
}

function fence(world: KafkaWorld, quorum: Quorum, registration: Registration): boolean {
  return changeMetadata(world, quorum, {
    registrations: withRegistration(quorum.image, { ...registration, fenced: true, inControlledShutdown: false }),
    partitions: leavesIsr(registration.id),
  });
}

function unregister(world: KafkaWorld, quorum: Quorum, brokerId: number): ReturnType<Registrations['unregister']> {
  const registration = quorum.image.registrations.get(brokerId);
  if (!canCommit(world, quorum)) return undefined;
  if (registration === undefined) return 'not registered';
  const registrations = new Map(quorum.image.registrations);
  registrations.delete(brokerId);
  changeMetadata(world, quorum, { registrations, partitions: leavesIsr(brokerId) });
  quorum.silentSince.delete(brokerId);
  const { process } = registration;
  if (!isAlive(process)) return 'unregistered';
  process.isZombie = true;
  world.violations.push({
    rule: 'only-a-stopped-broker-is-unregistered',
    story: `broker ${brokerId} of cluster ${quorum.clusterId} was unregistered while ${process.run.taskArn} ran: it is a zombie now`,
  });
  return 'unregistered';
}
