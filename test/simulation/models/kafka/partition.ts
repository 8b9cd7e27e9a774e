/** A partition in the committed metadata, with eligible leader replicas (KIP-966) as Kafka 4.1 and later keep them. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly elr: readonly number[];
  /** Who led last, while neither an in-sync nor an eligible replica is left. */
  readonly lastKnownLeader: number | null;
  readonly leader: number | null;
  readonly leaderEpoch: number;
  readonly minIsr: number;
}

/** Whether a broker may lead: registered, unfenced, not shutting down. */
type MayLead = (brokerId: number) => boolean;

export function partitionKey({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`;
}

/** Writes need so many replicas in sync. */
export function neededInSync({ minIsr, replicas }: Partition): number {
  return Math.min(minIsr, replicas.length);
}

/** A broker is fenced, unregistered or shuts down: it leaves the ISR, and its leadership goes to another one in sync. */
export function withoutInSync(partition: Partition, brokerId: number, mayLead: MayLead): Partition {
  if (!partition.isr.includes(brokerId) && partition.leader !== brokerId) return partition;
  const isr = partition.isr.filter((id) => id !== brokerId);
  return settled({ ...partition, isr }, partition, mayLead);
}

/** A broker comes back whose last stop is not known to be clean: it may miss records that it had acknowledged. */
export function withoutUnclean(partition: Partition, brokerId: number, mayLead: MayLead): Partition {
  if (!partition.isr.includes(brokerId) && !partition.elr.includes(brokerId)) return partition;
  const isr = partition.isr.filter((id) => id !== brokerId);
  const next = settled({ ...partition, isr }, partition, mayLead);
  return { ...next, elr: next.elr.filter((id) => id !== brokerId) };
}

/** A follower has what the leader has. */
export function withInSync(partition: Partition, brokerId: number): Partition {
  return withEligible({ ...partition, isr: [...partition.isr, brokerId] }, partition);
}

/** A leader for a partition that has none, if one of those that may lead it lives. Never an unclean one. */
export function withLeaderFound(partition: Partition, mayLead: MayLead): Partition {
  return partition.leader === null ? settled(partition, partition, mayLead) : partition;
}

/** The one of the replicas that live which has the most leads, whatever it lacks: a person has decided so. */
export function withUncleanLeader(
  partition: Partition,
  mayLead: MayLead,
  recordsAt: (id: number) => number,
): Partition {
  if (partition.leader !== null) return partition;
  const [best] = partition.replicas.filter(mayLead).sort((one, other) => recordsAt(other) - recordsAt(one));
  if (best === undefined) return partition;
  const { leaderEpoch } = partition;
  return { ...partition, isr: [best], elr: [], lastKnownLeader: null, leader: best, leaderEpoch: leaderEpoch + 1 };
}

/** The preferred replica leads, if it is in sync. */
export function withPreferredLeader(partition: Partition, mayLead: MayLead): Partition {
  const [preferred] = partition.replicas;
  if (preferred === undefined || preferred === partition.leader) return partition;
  if (!partition.isr.includes(preferred) || !mayLead(preferred)) return partition;
  return { ...partition, leader: preferred, leaderEpoch: partition.leaderEpoch + 1 };
}

/** The leader stays if it can; otherwise the first in the order of replicas that is in sync, then an eligible one. */
function settled(next: Partition, before: Partition, mayLead: MayLead): Partition {
  const { leader } = next;
  if (leader !== null && next.isr.includes(leader) && mayLead(leader)) return withEligible(next, before);
  const inSync = next.replicas.find((id) => next.isr.includes(id) && mayLead(id));
  const elected = inSync ?? eligible(next, mayLead);
  const isr = inSync === undefined && elected !== undefined ? [elected] : next.isr;
  const changed = { ...next, isr, leader: elected ?? null };
  const isSame = changed.leader === before.leader;
  return withEligible({ ...changed, leaderEpoch: before.leaderEpoch + (isSame ? 0 : 1) }, before);
}

/** Only when nobody at all is left it is the one that led last. */
function eligible({ replicas, isr, elr, lastKnownLeader }: Partition, mayLead: MayLead): number | undefined {
  const found = replicas.find((id) => elr.includes(id) && mayLead(id));
  if (found !== undefined || isr.length > 0 || elr.length > 0 || lastKnownLeader === null) return found;
  return mayLead(lastKnownLeader) ? lastKnownLeader : undefined;
}

/** Replicas that leave the ISR while it is too small for writes stay eligible: they hold all that was acknowledged. */
function withEligible(next: Partition, before: Partition): Partition {
  const isWritable = next.isr.length >= neededInSync(next);
  const candidates = next.replicas.filter((id) => before.elr.includes(id) || before.isr.includes(id));
  const elr = isWritable ? [] : candidates.filter((id) => !next.isr.includes(id));
  const lastKnownLeader = next.isr.length > 0 ? null : (before.leader ?? before.lastKnownLeader);
  return { ...next, elr, lastKnownLeader };
}
