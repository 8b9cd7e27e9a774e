import type { KafkaView } from '../../contract.ts';
import { caughtUpVoters } from './quorum-answers.ts';
import { lostRecords } from './records.ts';
import { type KafkaWorld, newestQuorum } from './state.ts';

const nothing: KafkaView = {
  ...{ brokers: [], unheard: [], voters: [], leaderId: null, caughtUpVoters: [] },
  ...{ partitions: [], acknowledged: 0, lost: 0 },
};

/** A cluster as it is, not as one of its nodes knows it. */
export function viewOf(world: KafkaWorld, clusterId: string): KafkaView {
  const quorum = newestQuorum(world, clusterId);
  if (quorum === undefined) return nothing;
  const partitions = [...quorum.image.partitions];
  const acknowledged = [...quorum.records.values()].map(({ acknowledgedCount }) => acknowledgedCount);
  return {
    brokers: [...quorum.image.registrations.values()]
      .map(({ id, fenced, process }) => ({ id, taskArn: process.run.taskArn, fenced }))
      .sort((left, right) => left.id - right.id),
    unheard: sorted(
      [...world.processes]
        .filter(({ attached, configuration }) => !attached && configuration.clusterId === clusterId)
        .map(({ configuration }) => configuration.nodeId),
    ),
    voters: sorted([...quorum.voters.keys()]),
    leaderId: quorum.leader?.configuration.nodeId ?? null,
    caughtUpVoters: sorted(caughtUpVoters(world, quorum)),
    partitions: partitions.map(([name, { replicas, isr, leader, minIsr }]) => ({
      name,
      replicas,
      isr,
      leader,
      minIsr,
    })),
    acknowledged: sum(acknowledged),
    lost: sum(partitions.map(([, partition]) => lostRecords(world, quorum, partition))),
  };
}

function sorted(ids: readonly number[]): readonly number[] {
  return ids.toSorted((left, right) => left - right);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
