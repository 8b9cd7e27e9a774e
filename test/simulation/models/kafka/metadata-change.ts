import { type Partition, partitionKey, withInSync, withoutInSync } from './partition.ts';
import { commit } from './quorum.ts';
import { acknowledge, copyLog, followNewLeader, liveLeader, liveReplica } from './records.ts';
import { between, type Image, type KafkaWorld, type Quorum, type Registration } from './state.ts';

/** How long a follower takes until the leader takes it back into the ISR. */
const catchUpMs = [50, 1500] as const;

/** A change of registrations, and what it does to each partition. */
interface Change {
  readonly registrations: ReadonlyMap<number, Registration>;
  readonly partitions: (partition: Partition, mayLead: (brokerId: number) => boolean) => Partition;
}

/** Commits a change, and lets replicas follow it; false when no majority of the controllers takes it. */
export function changeMetadata(world: KafkaWorld, quorum: Quorum, change: Change): boolean {
  const { registrations } = change;
  const mayLead = (brokerId: number): boolean => {
    const registration = registrations.get(brokerId);
    return registration !== undefined && !registration.fenced && !registration.inControlledShutdown;
  };
  const before = quorum.image.partitions;
  const isCommitted = commit(world, quorum, (image) => ({
    registrations,
    partitions: new Map([...image.partitions].map(([key, value]) => [key, change.partitions(value, mayLead)])),
  }));
  if (isCommitted) follow(world, quorum, before);
  return isCommitted;
}

/** Only the registrations and no partition's state changes, or the other way round. */
export function withRegistration({ registrations }: Image, registration: Registration): Change['registrations'] {
  return new Map(registrations).set(registration.id, registration);
}

/** A broker is gone, or goes: others in sync lead what it led. */
export function leavesIsr(brokerId: number): Change['partitions'] {
  return (partition, mayLead) => withoutInSync(partition, brokerId, mayLead);
}

export function follow(world: KafkaWorld, quorum: Quorum, before: Image['partitions']): void {
  for (const [key, partition] of quorum.image.partitions) {
    const earlier = before.get(key);
    if (earlier === partition) continue;
    if (earlier?.leaderEpoch !== partition.leaderEpoch) followNewLeader(world, quorum, partition);
    acknowledge(quorum, partition);
  }
  replicate(world, quorum);
}

/** Lets every living follower that is not in sync catch up with its leader. Harmless to repeat. */
export function replicate(world: KafkaWorld, quorum: Quorum): void {
  for (const partition of quorum.image.partitions.values()) {
    if (partition.isr.length === partition.replicas.length || liveLeader(quorum, partition) === undefined) continue;
    for (const id of partition.replicas) if (isBehind(quorum, partition, id)) catchUp(world, quorum, { partition, id });
  }
}

function isBehind(quorum: Quorum, partition: Partition, id: number): boolean {
  const registration = quorum.image.registrations.get(id);
  if (registration === undefined || registration.fenced || registration.inControlledShutdown) return false;
  return !partition.isr.includes(id) && liveReplica(quorum, id) !== undefined;
}

function catchUp(
  world: KafkaWorld,
  quorum: Quorum,
  { partition, id }: { readonly partition: Partition; readonly id: number },
): void {
  const key = partitionKey(partition);
  const name = `${key} on broker ${id}`;
  if (quorum.catchingUp.has(name)) return;
  quorum.catchingUp.add(name);
  world.clock.after(between(world.random, ...catchUpMs), `${name} catches up`, () => {
    quorum.catchingUp.delete(name);
    const current = quorum.image.partitions.get(key);
    const follower = liveReplica(quorum, id);
    const leader = current === undefined ? undefined : liveLeader(quorum, current);
    if (current === undefined || follower === undefined || leader === undefined) return;
    if (!isBehind(quorum, current, id)) return;
    copyLog(key, leader, follower);
    const isInSync = changeMetadata(world, quorum, {
      registrations: quorum.image.registrations,
      partitions: (each) => (each === current ? withInSync(each, id) : each),
    });
    // While nobody leads the controllers, the next leader sees to it.
    if (!isInSync && quorum.leader !== undefined) catchUp(world, quorum, { partition: current, id });
  });
}
